import { expect } from 'chai';
import { blocked, every, type Health, healthContributor, type Outcome, RoutineWorker, worked, worker } from 'plba';
import { testApplication, type TestApplication } from 'plba/testing';
import { prometheusText } from '../../../src/metrics/exposition.js';
import { moduleOf } from '../../support/modules.js';

let health: Health = { status: 'ok' };
let outcome: Outcome = worked();

@healthContributor({ name: 'ledger', every: '10s' })
class Ledger {
  check(): Health {
    return health;
  }
}

@worker({ name: 'intake', trigger: every('10s'), health: { degradedAfter: 1 }, retry: { initial: '10s', jitter: 0 } })
class Intake extends RoutineWorker {
  protected run(): Promise<Outcome> {
    return Promise.resolve(outcome);
  }
}

@worker({ name: 'once-over', trigger: every('10s'), until: { runs: 2 } })
class OnceOver extends RoutineWorker {
  protected run(): Promise<Outcome> {
    return Promise.resolve(worked());
  }

  // What it closes takes a moment.
  override async stop(force?: boolean): Promise<void> {
    await super.stop(force);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a change of health', () => {
  let app: TestApplication;
  const told: string[] = [];

  beforeEach(async () => {
    health = { status: 'ok' };
    outcome = worked();
    app = await testApplication(
      moduleOf('posting', (module) => {
        module.worker(Intake);
        module.worker(OnceOver);
        module.healthContributor(Ledger);
      }),
    ).start();
    told.length = 0;
    app.events.subscribe((event) => {
      if (event.type !== 'health') return;
      const reason = event.reason === undefined ? '' : `: ${event.reason}`;
      told.push(`${[event.kind, event.name].filter(Boolean).join(' ')} ${event.from} > ${event.to}${reason}`);
    });
  });
  afterEach(() => app.stop());

  const logged = (): unknown[] =>
    app
      .logs()
      .filter((line) => line['name'] === 'plba.health')
      .map(({ msg }) => msg);

  const counted = (): string[] =>
    prometheusText
      .write(app.metrics())
      .split('\n')
      .filter((line) => line.startsWith('plba_health_transitions_total{'));

  it('is one event, one log line and one count each, however often the same is answered', async () => {
    expect(counted(), 'what is well from the beginning has not changed').to.deep.equal([]);
    await app.advance('1m');
    expect([told, logged(), counted()], 'and goes without saying').to.deep.equal([[], [], []]);

    health = { status: 'degraded', reason: 'slow' };
    await app.advance('1m');
    health = { status: 'unhealthy', reason: 'refused' };
    await app.advance('1m');
    health = { status: 'ok' };
    await app.advance('1m');
    expect(told).to.deep.equal([
      'contributor ledger ok > degraded: slow',
      'application ok > degraded',
      'group ready ok > degraded',
      'contributor ledger degraded > unhealthy: refused',
      'application degraded > unhealthy',
      'group ready degraded > unhealthy',
      'contributor ledger unhealthy > ok',
      'application unhealthy > ok',
      'group ready unhealthy > ok',
    ]);
    expect(logged()).to.deep.equal([
      'contributor "ledger" is degraded, was ok: slow',
      'contributor "ledger" is unhealthy, was degraded: refused',
      'contributor "ledger" is ok, was unhealthy',
    ]);
    expect(counted()).to.have.members(
      ['degraded', 'unhealthy', 'ok'].map(
        (status) =>
          `plba_health_transitions_total{plba_kind="contributor",plba_name="ledger",plba_status="${status}"} 1`,
      ),
    );
  });

  it('of a worker is told by what became of its runs', async () => {
    outcome = blocked('the ledger refused the connection');
    await app.advance('1m');
    outcome = worked();
    await app.advance('1m');
    expect(told).to.deep.equal([
      'worker intake ok > degraded: 1 run blocked or failed: the ledger refused the connection',
      'application ok > degraded',
      'group ready ok > degraded',
      'worker intake degraded > ok',
      'application degraded > ok',
      'group ready degraded > ok',
    ]);
    outcome = blocked('again');
    await app.advance('1m');
    expect(counted()).to.have.members([
      'plba_health_transitions_total{plba_kind="worker",plba_name="intake",plba_status="degraded"} 2',
      'plba_health_transitions_total{plba_kind="worker",plba_name="intake",plba_status="ok"} 1',
    ]);
  });

  it('of a worker is told when it holds its own runs, and nobody else would know that none happens any more', async () => {
    app.get(Intake).pause();
    await app.advance('1m');
    const workers = (lines: readonly unknown[]): unknown[] => lines.filter((line) => /^worker/.test(String(line)));
    const why = /no run for \S+, and none is planned: the schedule stands still/;
    expect(workers(told)).to.have.length(2);
    expect(workers(told)[0])
      .to.match(/^worker intake ok > degraded: /)
      .and.match(why);
    expect(workers(told)[1])
      .to.match(/^worker intake degraded > unhealthy: /)
      .and.match(why);
    expect(workers(logged())).to.have.length(2);
    expect(counted()).to.have.members(
      ['degraded', 'unhealthy'].map(
        (status) => `plba_health_transitions_total{plba_kind="worker",plba_name="intake",plba_status="${status}"} 1`,
      ),
    );
  });

  it('is none when a worker has done enough: it is well on its way down and after that', async () => {
    await app.advance('1m');
    await app.until('once-over', 'completed');
    await app.advance('1m');
    expect([told, logged(), counted()]).to.deep.equal([[], [], []]);
  });
});
