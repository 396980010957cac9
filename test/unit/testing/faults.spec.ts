import { expect } from 'chai';
import { every, healthContributor, RoutineWorker, worked, worker, type ErrorClass, type Outcome } from 'plba';
import { testApplication, type TestApplicationBuilder } from 'plba/testing';
import { HandWorker } from '../../fakes/supervision.js';
import { caught } from '../../support/caught.js';
import { moduleOf, QuietWorker } from '../../support/modules.js';

class Busy extends Error {}

@worker({ name: 'sync', trigger: every('30s'), retry: { initial: '1s', jitter: 0 } })
class Sync extends RoutineWorker {
  protected run(): Promise<Outcome> {
    return Promise.resolve(worked());
  }
  protected override classify(error: unknown): ErrorClass {
    return error instanceof Busy ? 'blocked' : 'failed';
  }
}

@worker({ name: 'report', trigger: every('30s'), needs: ['sync', 'ledger'] })
class Report extends QuietWorker {}

@worker({ name: 'by-hand', critical: false })
class ByHand extends HandWorker {}

@healthContributor({ name: 'ledger', every: '15s' })
class LedgerHealth {
  check(): 'ok' {
    return 'ok';
  }
}

const builder = (): TestApplicationBuilder =>
  testApplication(
    moduleOf('m', (module) => {
      module.worker(Sync);
      module.worker(Report);
      module.worker(ByHand);
      module.healthContributor(LedgerHealth);
    }),
  );

describe('a fault that a test orders', () => {
  it('fails each run, by way of classify(), until it is healed', async () => {
    await using app = await builder().manual().start();
    const fault = app.fail('sync', new Busy('429'));
    expect(await app.step('sync')).to.include({ outcome: 'blocked', reason: '429', attempt: 1 });
    expect(await app.step('sync')).to.include({ outcome: 'blocked', attempt: 2 });
    fault.heal();
    expect(await app.step('sync')).to.include({ outcome: 'worked', attempt: 3 });
  });

  it('fails so many runs and no more', async () => {
    await using app = await builder().start();
    app.fail('sync', new Error('503'), { times: 2 });
    await app.advance('1m');
    expect(app.ledger('sync').map(({ outcome }) => outcome)).to.deep.equal(['worked', 'worked', 'failed', 'failed']);
  });

  it('lasts as long as it is told, in virtual time', async () => {
    await using app = await builder().start();
    app.fail('sync', new Error('503'), { for: '32s' });
    await app.advance('35s');
    expect(app.ledger('sync').map(({ outcome }) => outcome)).to.deep.equal(['worked', 'failed', 'failed']);
  });

  it('is over at the end of its block', async () => {
    await using app = await builder().manual().start();
    {
      using fault = app.fail('sync', new Error('503'));
      expect(fault).to.respondTo('heal');
      expect((await app.step('sync')).outcome).to.equal('failed');
    }
    expect((await app.step('sync')).outcome).to.equal('worked');
  });

  it('fails the start of the application, when the worker does not start', async () => {
    const error = await caught(() => builder().fail('sync', new Error('no route'), { at: 'start' }).start());
    expect(error).to.include({ code: 'WORKER_START_FAILED' });
    expect(error.cause).to.have.property('message', 'no route');
  });

  it('fails the stop of a worker, which the report tells', async () => {
    const app = await builder().start();
    app.fail('sync', new Error('half open'), { at: 'stop' });
    const report = await app.stop();
    expect(report.workers.find(({ worker: name }) => name === 'sync')).to.deep.include({ result: 'failed' });
  });

  it('ends the life of a worker, also of one that has no runs', async () => {
    await using app = await builder().start();
    app.fail('by-hand', new Error('the connection broke'), { at: 'life' });
    await app.until('by-hand', 'backing-off');
    await app.until('by-hand', 'running');
    expect(app.worker('by-hand').restarts).to.equal(1);
  });

  it('hangs a run until it is healed, and then the run goes on', async () => {
    await using app = await builder().start();
    const fault = app.hang('sync', 'run');
    await app.advance('2m');
    expect(app.worker('sync').currentRun).to.deep.include({ started: new Date('2026-01-05T00:00:30Z') });
    expect(app.ledger('sync')).to.have.length(0);
    fault.heal();
    await app.advance(0);
    expect(app.ledger('sync')[0]).to.include({ outcome: 'worked', durationMs: 90_000 });
  });

  it('hangs a run through the whole stop ladder, which abandons it', async () => {
    const app = await builder().start();
    app.hang('sync', 'run');
    await app.advance('30s');
    const report = await app.stop();
    expect(report.exitCode).to.equal(4);
    expect(report.workers.find(({ worker: name }) => name === 'sync')).to.deep.include({
      result: 'abandoned',
      durationMs: 7_000,
    });
  });

  it('hangs a stop', async () => {
    const app = await builder().start();
    app.hang('by-hand', 'stop');
    expect((await app.stop()).exitCode).to.equal(4);
  });

  it('hangs a start until the time for it is over, and the error names who hangs', async () => {
    const error = await caught(() => builder().hang('by-hand', 'start').start());
    expect(error).to.include({ code: 'START_TIMED_OUT' });
    expect(error.message).to.include('"by-hand" is starting');
  });

  it('hangs a start for a while, and the application comes up later', async () => {
    await using app = await builder().hang('by-hand', 'start', { for: '10s' }).start();
    expect(app.clock.monotonic()).to.equal(10_000);
    expect(app.worker('by-hand').state).to.equal('running');
  });

  for (const need of ['sync', 'ledger']) {
    it(`blocks what a worker needs: ${need}, for a while`, async () => {
      await using app = await builder().block(need, { for: '20s' }).start();
      expect(app.clock.monotonic()).to.equal(20_000);
      expect(app.worker('report').state).to.equal('running');
    });
  }

  it('blocks what a worker needs, and a start that waits for it names it', async () => {
    const error = await caught(() => builder().block(['sync', 'ledger']).start());
    expect(error).to.include({ code: 'START_TIMED_OUT' });
    expect(error.message).to.include('"report" is waiting for sync, ledger');
  });

  it('blocks who starts later, in a running application', async () => {
    await using app = await builder().start();
    const fault = app.block('ledger');
    const restarted = app.operator.act('report', 'restart', { who: 'test' });
    await app.advance('1m');
    expect(app.worker('report')).to.deep.include({ state: 'waiting', waitingFor: ['ledger'] });
    fault.heal();
    await app.advance(0);
    expect((await restarted).state).to.equal('running');
  });

  it('disconnects a health contributor, for a reason of its own', async () => {
    await using app = await builder().start();
    const fault = app.disconnect('ledger', 'connection refused');
    expect((await app.health()).contributors['ledger']).to.include({
      status: 'unhealthy',
      reason: 'connection refused',
    });
    fault.heal();
    expect((await app.health('ready')).contributors['ledger']).to.include({ status: 'ok' });
  });

  it('must name what there is', async () => {
    await using app = await builder().start();
    const codes = [
      await caught(() => app.fail('snyc', new Error())),
      await caught(() => app.hang('ledger', 'run')),
      await caught(() => app.block('nothing')),
      await caught(() => app.disconnect('sync')),
    ].map(({ code, hint }) => `${code}: ${hint ?? ''}`);
    expect(codes).to.deep.equal([
      'WORKER_UNKNOWN: there are: sync, report, by-hand',
      'WORKER_UNKNOWN: there are: sync, report, by-hand',
      'NEEDS_UNKNOWN: there are: sync, report, by-hand, ledger',
      'HEALTH_CONTRIBUTOR_UNKNOWN: there are: ledger',
    ]);
    expect(await caught(() => builder().fail('snyc', new Error()).start())).to.include({ code: 'WORKER_UNKNOWN' });
  });
});
