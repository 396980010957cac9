import { expect } from 'chai';
import {
  blocked,
  every,
  failed,
  type Health,
  healthContributor,
  type HealthPolicyOptions,
  type HealthStatus,
  type Outcome,
  partial,
  RoutineWorker,
  type RunContext,
  worked,
  worker,
  type WorkerContext,
} from 'plba';
import { testApplication, type TestApplication } from 'plba/testing';
import { contributorOverrides, declaredWorkerOptions } from '../../../src/config/platform-settings.js';
import { caught } from '../../support/caught.js';
import { moduleOf } from '../../support/modules.js';

/** What a run does; the last one again and again. */
type Deed = Outcome | 'hang';
let deeds: Deed[] = [];

function workerWith(health: HealthPolicyOptions) {
  @worker({ name: 'sync', trigger: every('10s'), retry: { initial: '10s', max: '10s', jitter: 0 }, health })
  class Sync extends RoutineWorker {
    protected async run({ signal }: RunContext): Promise<Outcome> {
      const deed = (deeds.length > 1 ? deeds.shift() : deeds[0]) ?? worked();
      if (deed !== 'hang') return deed;
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve);
      });
      return worked();
    }
  }
  return Sync;
}

const nope = failed(new Error('nope'));
const away = blocked('away');

interface Case {
  /** What the decorator says, and what configuration says against it. */
  readonly declared: HealthPolicyOptions;
  readonly configured: HealthPolicyOptions;
  readonly deeds: readonly Deed[];
  readonly seconds: number;
  readonly byDecorator: HealthStatus;
  readonly byConfiguration: HealthStatus;
}

const cases: Readonly<Record<keyof HealthPolicyOptions, Case>> = {
  degradedAfter: {
    declared: { degradedAfter: 3 },
    configured: { degradedAfter: 1 },
    deeds: [away, away, away],
    seconds: 15,
    byDecorator: 'ok',
    byConfiguration: 'degraded',
  },
  unhealthyAfter: {
    declared: { unhealthyAfter: 1 },
    configured: { unhealthyAfter: 3 },
    deeds: [nope],
    seconds: 25,
    byDecorator: 'unhealthy',
    byConfiguration: 'degraded',
  },
  recoverAfter: {
    declared: { degradedAfter: 1, recoverAfter: 3 },
    configured: { recoverAfter: 1 },
    deeds: [away, worked()],
    seconds: 25,
    byDecorator: 'degraded',
    byConfiguration: 'ok',
  },
  stuckAfter: {
    declared: { stuckAfter: '10m' },
    configured: { stuckAfter: '30s' },
    deeds: ['hang'],
    seconds: 60,
    byDecorator: 'ok',
    byConfiguration: 'unhealthy',
  },
  staleAfter: {
    declared: { staleAfter: '30s', degradedAfter: 100 },
    configured: { staleAfter: '1h' },
    deeds: [away],
    seconds: 60,
    byDecorator: 'unhealthy',
    byConfiguration: 'ok',
  },
  rejectedRatio: {
    declared: { rejectedRatio: 0.1 },
    configured: { rejectedRatio: 0.9 },
    deeds: [partial({ done: 5, rejected: 5, reason: 'bad lines' })],
    seconds: 15,
    byDecorator: 'degraded',
    byConfiguration: 'ok',
  },
};

describe('the health policy of a worker', () => {
  let app: TestApplication | undefined;
  afterEach(() => app?.stop());

  it('has an option in configuration for each that the decorator has', () => {
    const schema = declaredWorkerOptions.fields.get('health')?.schema;
    expect(schema?.kind === 'group' && [...schema.fields.keys()]).to.have.members(Object.keys(cases));
  });

  for (const [option, each] of Object.entries(cases) as [keyof HealthPolicyOptions, Case][]) {
    for (const by of ['byDecorator', 'byConfiguration'] as const) {
      it(`is, with ${option} ${by === 'byDecorator' ? 'from the decorator' : 'from configuration, which wins'}, ${each[by]}`, async () => {
        deeds = [...each.deeds];
        const builder = testApplication(
          moduleOf('m', (module) => {
            module.worker(workerWith(each.declared));
          }),
        );
        const health = by === 'byDecorator' ? {} : each.configured;
        app = await builder.config({ plba: { workers: { sync: { health } } } }).start();
        await app.advance(each.seconds * 1_000);
        expect(app.operator.health()?.workers['sync']?.raw).to.equal(each[by]);
        // What configuration says nothing about stays as the decorator says.
        expect(app.worker('sync').options.health.degradedAfter).to.equal(
          { ...each.declared, ...health }.degradedAfter ?? 2,
        );
      });
    }
  }
});

describe('a health contributor in live', () => {
  it('is an error at start, before anything has started', async () => {
    @healthContributor({ name: 'ledger', groups: ['ready', 'live'] })
    class InLive {
      check(): HealthStatus {
        return 'ok';
      }
    }
    let hasStarted = false;
    @worker({ name: 'sync' })
    class Sync extends RoutineWorker {
      override start(context: WorkerContext): void | Promise<void> {
        hasStarted = true;
        return super.start(context);
      }

      protected run(): Promise<void> {
        return Promise.resolve();
      }
    }
    const module = moduleOf('m', (builder) => {
      builder.worker(Sync);
      builder.healthContributor(InLive);
    });
    const error = await caught(() => testApplication(module).start());
    expect(error).to.include({ code: 'HEALTH_GROUP_INVALID' });
    expect(error.message).to.include('health contributor "ledger" asks for the group "live"');
    expect(hasStarted).to.equal(false);
  });
});

describe('the options of a health contributor', () => {
  let app: TestApplication | undefined;
  let answers: (Health['status'] | 'hang')[] = [];
  let asked = 0;
  beforeEach(() => {
    asked = 0;
  });
  afterEach(() => app?.stop());

  @healthContributor({ name: 'ledger', every: '10s', timeout: '2s' })
  class Ledger {
    async check(signal: AbortSignal): Promise<HealthStatus> {
      asked++;
      const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? 'ok';
      if (answer !== 'hang') return answer;
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve);
      });
      return 'ok';
    }
  }

  type Option = 'every' | 'timeout' | 'critical' | 'unhealthyAfter' | 'recoverAfter';
  const ledger = (): string => {
    const { status, raw } = app?.operator.health()?.contributors['ledger'] ?? {};
    return `${String(status)}, said ${String(raw)}, asked ${asked}`;
  };
  const table: [option: Option, value: unknown, answers: typeof answers, without: string, withIt: string][] = [
    ['every', '1s', ['ok'], 'ok, said ok, asked 3', 'ok, said ok, asked 26'],
    ['timeout', '20s', ['hang'], 'unhealthy, said unhealthy, asked 3', 'unhealthy, said unhealthy, asked 1'],
    ['critical', false, ['unhealthy'], 'unhealthy, said unhealthy, asked 3', 'degraded, said unhealthy, asked 3'],
    [
      'unhealthyAfter',
      3,
      ['ok', 'unhealthy'],
      'unhealthy, said unhealthy, asked 3',
      'degraded, said degraded, asked 3',
    ],
    ['recoverAfter', 3, ['degraded', 'ok'], 'ok, said ok, asked 3', 'degraded, said degraded, asked 3'],
  ];

  it('can all be set in configuration, but for its groups', () => {
    expect([...contributorOverrides.fields.keys()]).to.have.members(table.map(([option]) => option));
  });

  for (const [option, value, given, without, withIt] of table) {
    for (const [from, config, expected] of [
      ['the decorator', {}, without],
      ['configuration, which wins', { [option]: value }, withIt],
    ] as const) {
      it(`are in force, with ${option} from ${from}`, async () => {
        answers = [...given];
        const builder = testApplication(
          moduleOf('m', (module) => {
            module.healthContributor(Ledger);
          }),
        );
        app = await builder.config({ plba: { health: { contributors: { ledger: config } } } }).start();
        await app.advance('25s');
        expect(ledger()).to.equal(expected);
      });
    }
  }
});
