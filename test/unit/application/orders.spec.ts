import { expect } from 'chai';
import { every, healthContributor, type Health, worker, type Worker, type WorkerStatus } from 'plba';
import { testApplication } from 'plba/testing';
import { moduleOf, QuietWorker } from '../../support/modules.js';

@worker({ name: 'sync', trigger: every('1m'), critical: false })
class Sync extends QuietWorker {}

@worker({ name: 'by-hand', critical: false })
class ByHand implements Worker {
  start(): void {
    // There is nothing to get ready.
  }
  stop(): void {
    // Nothing is open.
  }
  health(): Health {
    return { status: 'ok' };
  }
  status(): WorkerStatus {
    return { state: 'running' };
  }
}

const both = moduleOf('both', (module) => {
  module.worker(Sync);
  module.worker(ByHand);
});

describe('what an operator has told a worker', () => {
  it('is shown with who, why and when, and a stop also in its health', async () => {
    await using app = await testApplication(both).at('2026-01-05T08:00:00Z').start();
    expect(app.worker('sync')).not.to.have.property('lastOrder');
    await app.operator.act('sync', 'stop', { who: 'ada', reason: 'month-end' });
    expect(app.worker('sync').lastOrder).to.deep.equal({
      action: 'stop',
      by: 'ada',
      reason: 'month-end',
      at: new Date('2026-01-05T08:00:00Z'),
    });
    expect((await app.health()).workers['sync']?.reason).to.equal('stopped by ada: month-end');
    // Who stops it once more has not stopped it.
    await app.operator.act('sync', 'stop', { who: 'bob' });
    expect(app.worker('sync').lastOrder?.by).to.equal('ada');
  });

  for (const action of ['start', 'restart', 'pause', 'resume'] as const)
    it(`is shown for ${action} as well, and none of them counts as a restart by the supervisor`, async () => {
      await using app = await testApplication(both).start();
      if (action === 'start') await app.operator.act('sync', 'stop', { who: 'ada' });
      if (action === 'resume') await app.operator.act('sync', 'pause', { who: 'ada' });
      await app.operator.act('sync', action, { who: 'bob' });
      const { lastOrder, restarts } = app.worker('sync');
      expect({ action: lastOrder?.action, by: lastOrder?.by, restarts }).to.deep.equal({
        action,
        by: 'bob',
        restarts: 0,
      });
    });

  it('is shown also where nothing came of it', async () => {
    await using app = await testApplication(both).start();
    await app.operator.act('by-hand', 'pause', { who: 'ada' });
    app.hang('by-hand', 'start');
    const resumed = app.operator.act('by-hand', 'resume', { who: 'bob' }).catch((error: unknown) => error);
    await app.advance('1s');
    expect(app.worker('by-hand').state).to.equal('starting');
    expect(app.worker('by-hand').lastOrder).to.include({ action: 'resume', by: 'bob' });
    await app.advance('2m');
    expect(await resumed).to.have.property('code', 'START_TIMED_OUT');
    expect(app.worker('by-hand').lastOrder).to.include({ action: 'resume', by: 'bob' });
  });

  it('is nothing that would change nothing: to start what runs, to go on with what is not held', async () => {
    await using app = await testApplication(both).start();
    await app.operator.act('sync', 'start', { who: 'ada' });
    await app.operator.act('sync', 'resume', { who: 'ada' });
    expect(app.worker('sync')).not.to.have.property('lastOrder');
  });
});

describe('what an operator is offered', () => {
  it('is a run of whoever can be asked for one, and of nobody else', async () => {
    await using app = await testApplication(both).start();
    expect(app.worker('sync').actions).to.deep.equal(['stop', 'restart', 'pause', 'run']);
    expect(app.worker('by-hand').actions).to.deep.equal(['stop', 'restart', 'pause']);
    await app.operator.act('by-hand', 'pause', { who: 'ada' });
    expect(app.worker('by-hand').actions).to.deep.equal(['resume', 'stop', 'restart']);
  });

  it('is nothing once the application stops', async () => {
    const app = await testApplication(both).start();
    app.hang('sync', 'stop');
    const stopped = app.stop().catch((error: unknown) => error);
    await app.until('sync', 'stopping');
    expect(app.worker('sync').actions).to.deep.equal([]);
    expect(app.worker('by-hand').actions).to.deep.equal([]);
    await stopped;
  });

  it('is refused in no state', async () => {
    await using app = await testApplication(both).start();
    for (const name of ['sync', 'by-hand'])
      for (const steps of [[], ['pause'], ['stop']] as const) {
        for (const step of steps) await app.operator.act(name, step, { who: 'ada' });
        for (const action of app.worker(name).actions.filter((each) => each !== 'run')) {
          await app.operator.act(name, action, { who: 'ada' });
          await app.operator.act(name, 'start', { who: 'ada' });
          for (const step of steps) await app.operator.act(name, step, { who: 'ada' });
        }
        await app.operator.act(name, 'start', { who: 'ada' });
      }
  });
});

describe('an operator who has mended what a worker needs', () => {
  let isMended: boolean;
  let asked: number;

  @healthContributor({ name: 'database', every: '1h' })
  class Database {
    check(): Health {
      asked++;
      return isMended ? { status: 'ok' } : { status: 'unhealthy', reason: 'no connection' };
    }
  }

  @worker({ name: 'intake', trigger: every('1m'), needs: ['database'] })
  class Intake extends QuietWorker {}

  @worker({ name: 'posting', trigger: every('1m'), needs: ['intake'] })
  class Posting extends QuietWorker {}

  const module = moduleOf('intake', (assembled) => {
    assembled.healthContributor(Database);
    assembled.worker(Intake);
    assembled.worker(Posting);
  });

  beforeEach(() => {
    isMended = true;
    asked = 0;
  });

  for (const [name, action] of [
    ['intake', 'start'],
    ['posting', 'start'],
    ['intake', 'restart'],
    ['posting', 'restart'],
  ] as const)
    it(`sees that at once when they ${action} ${name}`, async () => {
      await using app = await testApplication(module).start();
      isMended = false;
      await app.health();
      await app.until('posting', 'waiting');
      isMended = true;
      await app.operator.act(name, action, { who: 'ada' });
      await app.until('posting', 'running', '1s');
      expect(app.operator.health()?.contributors['database']?.status).to.equal('ok');
    });

  it('has asked nobody by what starts nothing', async () => {
    await using app = await testApplication(module).start();
    const before = asked;
    await app.operator.act('intake', 'pause', { who: 'ada' });
    await app.operator.act('intake', 'stop', { who: 'ada' });
    expect(asked).to.equal(before);
  });
});
