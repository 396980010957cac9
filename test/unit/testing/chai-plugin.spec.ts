import * as chai from 'chai';
import { every, healthContributor, RoutineWorker, worked, worker, type Outcome } from 'plba';
import { plbaAssertions, testApplication, type TestApplication } from 'plba/testing';
import { moduleOf } from '../../support/modules.js';

chai.use(plbaAssertions);
const { expect } = chai;

@worker({ name: 'sync', trigger: every('30s'), retry: { initial: '30s', max: '30s', jitter: 0 } })
class Sync extends RoutineWorker {
  protected override run(): Promise<Outcome> {
    return Promise.resolve(worked({ items: 2 }));
  }
}

@worker({ name: 'forgetful', trigger: every('30s'), retry: { initial: '30s', max: '30s', jitter: 0 }, ledger: 4 })
class Forgetful extends Sync {}

@healthContributor({ name: 'ledger' })
class LedgerHealth {
  check(): 'ok' {
    return 'ok';
  }
}

/** The message of an assertion that fails. */
function messageOf(assertion: () => unknown): string {
  try {
    assertion();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the assertion holds');
}

describe('the assertions for chai', () => {
  let app: TestApplication;

  beforeEach(async () => {
    app = await testApplication(
      moduleOf('m', (module) => {
        module.worker(Sync);
        module.healthContributor(LedgerHealth);
      }),
    ).start();
  });
  afterEach(() => app.stop());

  it('tell the health of a worker, and why', async () => {
    expect(app).worker('sync').to.be.ok;
    app.fail('sync', new Error('the ledger is away'));
    await app.until('sync', 'degraded');
    expect(app).worker('sync').to.be.degraded();
    expect(app).worker('sync').to.be.degraded('ledger');
    expect(app)
      .worker('sync')
      .to.be.degraded(/ledger is away$/);
    expect(app).worker('sync').not.to.be.ok;
    expect(app).worker('sync').not.to.be.degraded('mailbox');
    await app.until('sync', 'unhealthy');
    expect(app).worker('sync').to.be.unhealthy('5 runs failed');
  });

  it('tell the health of a contributor', async () => {
    app.disconnect('ledger', 'connection refused');
    await app.health();
    expect(app).contributor('ledger').to.be.unhealthy('refused');
    expect(app).contributor('ledger').not.to.be.ok;
  });

  it('tell state and runs, newest first', async () => {
    await app.advance('30s');
    app.fail('sync', new Error('503'));
    await app.advance('30s');
    expect(app).worker('sync').to.have.state('running');
    expect(app).worker('sync').to.have.runs('failed', 'worked');
    expect(app).worker('sync').not.to.have.runs('worked');
    expect(app).worker('sync').not.to.have.runs('failed', 'worked', 'worked');
  });

  it('compare runs up to where some are missing in the ledger, and fail behind it whichever way they ask', async () => {
    const fault = app.fail('sync', new Error('503'));
    await app.advance('30s');
    fault.heal();
    await app.advance('1h');
    const latest = app.ledger('sync').findIndex(({ runsDropped }) => runsDropped !== undefined) + 1;
    const runs = (count: number): 'worked'[] => Array<'worked'>(count).fill('worked');
    expect(latest).to.be.within(25, 49);
    expect(app)
      .worker('sync')
      .to.have.runs(...runs(latest));
    expect(app)
      .worker('sync')
      .not.to.have.runs('failed', ...runs(latest));
    const gap = `of which the ledger knows the last ${latest} without a gap, and it is running`;
    for (const wanted of [runs(latest + 1), [...runs(latest), 'failed' as const]]) {
      expect(
        messageOf(() =>
          expect(app)
            .worker('sync')
            .to.have.runs(...wanted),
        ),
      ).to.include(gap);
      expect(
        messageOf(() =>
          expect(app)
            .worker('sync')
            .not.to.have.runs(...wanted),
        ),
      ).to.include(gap);
    }
  });

  it('print where runs are missing in the ledger', async () => {
    const small = await testApplication(
      moduleOf('m', (module) => {
        module.worker(Forgetful);
      }),
    ).start();
    const fault = small.fail('forgetful', new Error('503'));
    await small.advance('30s');
    fault.heal();
    await small.advance('5m');
    const message = messageOf(() => expect(small).worker('forgetful').to.have.state('paused'));
    expect(message).to.match(/\n {2}worked .*\n {2}… 7 not kept\n {2}failed .*$/);
    await small.stop();
  });

  it('print the ledger when they fail', async () => {
    await app.advance('30s');
    app.fail('sync', new Error('the ledger is away'));
    await app.advance('30s');
    const message = messageOf(() => expect(app).worker('sync').to.be.degraded('ledger'));
    expect(message).to.include('expected worker "sync" to be degraded because of ledger, and it is running and ok');
    expect(message).to.match(/\n {2}failed .*2026-01-05T00:01:00\.000Z .*the ledger is away\n {2}worked .*2 items/);
    expect(messageOf(() => expect(app).worker('sync').to.have.state('paused'))).to.include('its ledger, newest run');
    expect(messageOf(() => expect(app).worker('sync').to.have.runs('idle'))).to.include(
      'to be idle, and it is running',
    );
    expect(messageOf(() => expect(app).worker('sync').not.to.be.ok)).to.include(
      'not to be ok, and it is running and ok',
    );
    expect(messageOf(() => expect(app).contributor('ledger').to.be.unhealthy())).to.include('and it is ok');
  });

  it('leave chai’s own ok as it is for everything else', () => {
    expect(1).to.be.ok;
    expect(0).not.to.be.ok;
    expect(messageOf(() => expect(0).to.be.ok)).to.equal('expected +0 to be truthy');
  });

  it('say what they are for when they are used for something else', () => {
    expect(messageOf(() => expect({}).worker('sync'))).to.include('expect(app).worker');
    expect(messageOf(() => expect(app).to.be.degraded())).to.include('say which worker or contributor');
    expect(messageOf(() => expect(app).contributor('ledger').to.have.state('running'))).to.include('is for workers');
    expect(messageOf(() => expect(app).worker('snyc'))).to.include('no worker is called "snyc"');
    expect(messageOf(() => expect(app).contributor('legder'))).to.include('there are: ledger');
  });
});
