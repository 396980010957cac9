import { expect } from 'chai';
import { inject } from 'inversify';
import { IsOptional } from 'class-validator';
import {
  blocked,
  configuration,
  createApplication,
  every,
  failed,
  fatal,
  healthContributor,
  idle,
  once,
  partial,
  RoutineWorker,
  secret,
  tokens,
  worked,
  worker,
  type ApplicationOptions,
  type Health,
  type HealthContributor,
  type HealthStatus,
  type LogDestination,
  type Outcome,
  type RunContext,
  type Worker,
  type WorkerContext,
  type WorkerStatus,
} from 'plba';
import { testApplication, VirtualClock } from 'plba/testing';
import { ConfigurationError } from '../../../src/config/violation.js';
import { caught } from '../../support/caught.js';
import { moduleOf, QuietWorker } from '../../support/modules.js';

const silent: LogDestination = { write: () => undefined };

const embedded = (config: Record<string, unknown> = {}): ApplicationOptions => ({
  directory: '/nonexistent',
  env: {},
  config: { plba: { control: { enabled: false }, ...config } },
  logDestination: silent,
});

@worker({ name: 'quiet', trigger: every('1h') })
class Quiet extends QuietWorker {}

@worker({ name: 'single', trigger: once() })
class Single extends RoutineWorker {
  protected run(): Promise<Outcome> {
    return Promise.resolve(worked());
  }
}

@worker({ name: 'hopeless', trigger: once() })
class Hopeless extends RoutineWorker {
  protected run(): Promise<Outcome> {
    return Promise.resolve(fatal(new Error('no such ledger')));
  }
}

@worker({ name: 'dispensable', trigger: once(), critical: false })
class Dispensable extends Hopeless {}

const QuietModule = moduleOf('quiet', (module) => {
  module.worker(Quiet);
});

describe('an application', () => {
  it('starts, runs and stops without touching the process', async () => {
    const listeners = (): number[] =>
      ['SIGTERM', 'SIGINT', 'SIGHUP', 'uncaughtException', 'unhandledRejection', 'exit'].map((event) =>
        process.listenerCount(event),
      );
    const before = listeners();
    const lines: string[] = [];
    const logDestination: LogDestination = { write: (line) => void lines.push(line) };
    const app = createApplication(QuietModule, { ...embedded(), logDestination });
    expect(app.lifetime.state).to.equal('created');
    await app.start();
    expect(app.lifetime.state).to.equal('running');
    expect(listeners()).to.deep.equal(before);
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).to.satisfy((said: string[]) =>
      said.some((msg) => /^quiet is up: 1 worker ready after \d+ ms$/.test(msg)),
    );
    const report = await app.stop('the test is over');
    expect(report).to.include({ application: 'quiet', exitCode: 0, reason: 'the test is over' });
    expect(await app.ended).to.equal(report);
    expect(process.exitCode).to.equal(undefined);
    expect(listeners()).to.deep.equal(before);
  });

  it('ends by itself when all of its workers have completed', async () => {
    const app = createApplication(
      moduleOf('m', (module) => {
        module.worker(Single);
      }),
      embedded(),
    );
    await app.start();
    expect(await app.ended).to.include({ exitCode: 0, reason: 'all workers completed' });
  });

  it('ends by itself with the worst outcome when one that it can do without has failed', async () => {
    const root = moduleOf('m', (module) => {
      module.worker(Single);
      module.worker(Dispensable);
    });
    const app = createApplication(root, embedded());
    await app.start();
    expect(await app.ended).to.include({ exitCode: 3, reason: 'all workers ended, not all of them well' });
  });

  const lastRuns: readonly [name: string, outcome: () => Outcome, exitCode: number][] = [
    ['worked', () => worked(), 0],
    ['found nothing', () => idle(), 0],
    ['was done in part', () => partial({ done: 1, rejected: 1, reason: 'no buyer' }), 0],
    ['was blocked', () => blocked('the ledger is away'), 3],
    ['failed', () => failed(new Error('no such ledger')), 3],
  ];
  for (const [what, outcome, exitCode] of lastRuns) {
    it(`ends with ${exitCode} when the last run of a worker that has done enough ${what}`, async () => {
      @worker({ name: 'batch', until: { runs: 1 } })
      class Batch extends RoutineWorker {
        protected run(): Promise<Outcome> {
          return Promise.resolve(outcome());
        }
      }
      const app = createApplication(
        moduleOf('m', (module) => {
          module.worker(Batch);
        }),
        embedded(),
      );
      await app.start();
      expect(await app.ended).to.include({ exitCode });
    });
  }

  it('goes on without a worker that it can do without, as degraded', async () => {
    const root = moduleOf('m', (module) => {
      module.worker(Quiet);
      module.worker(Dispensable);
    });
    const app = await testApplication(root).start();
    await app.until('dispensable', 'failed');
    const { status, workers } = await app.health();
    expect(status).to.equal('degraded');
    expect(workers['dispensable']).to.include({ status: 'degraded', raw: 'unhealthy', critical: false });
    await app.stop();
  });

  it('stops with exit code 3 when a worker is lost that it cannot do without', async () => {
    const root = moduleOf('m', (module) => {
      module.worker(Quiet);
      module.worker(Hopeless);
    });
    const app = createApplication(root, embedded());
    await app.start().catch(() => undefined);
    const report = await app.ended;
    expect(report.reason).to.include('"hopeless" is lost');
    expect(report).to.include({ exitCode: 3 });
    expect(report.workers.find(({ worker: name }) => name === 'quiet')).to.include({ result: 'drained' });
  });

  /** What the log of an application says by warnings at its start. */
  async function warningsOf(root: typeof QuietModule, config: Record<string, unknown>): Promise<string[]> {
    const app = await testApplication(root).config(config).start();
    const warnings = app.logs().filter(({ level }) => level === 'warn');
    await app.stop();
    return warnings.map(({ msg }) => msg);
  }

  it('warns at its start when nothing will run, whether none was listed or none is enabled', async () => {
    const none = moduleOf('empty', () => undefined);
    expect(await warningsOf(none, {})).to.have.length(1);
    const [warning] = await warningsOf(QuietModule, { plba: { workers: { quiet: { enabled: false } } } });
    expect(warning).to.include('has no worker, so nothing will run');
    expect(await warningsOf(QuietModule, {})).to.deep.equal([]);
  });

  it('warns at its start of a limit for a blocked loop that nobody answers by', async () => {
    const blockedAfter = '10s';
    const inline = { plba: { health: { blockedAfter } } };
    const [warning, ...more] = await warningsOf(QuietModule, inline);
    expect(warning).to.include('plba.health.blockedAfter has no effect');
    expect(more).to.deep.equal([]);
  });

  it('starts only once', async () => {
    const app = createApplication(QuietModule, embedded());
    await app.start();
    expect(await caught(() => app.start())).to.include({ code: 'APPLICATION_STATE' });
    await app.stop();
    expect(await caught(() => app.start())).to.include({ code: 'APPLICATION_STATE' });
  });

  it('can be stopped before it was started, and is not constructed any more then', async () => {
    const app = createApplication(QuietModule, embedded());
    const report = await app.stop();
    expect(report).to.include({ exitCode: 0 });
    expect(app.lifetime.state).to.equal('stopped');
    expect(await caught(() => app.start())).to.include({ code: 'START_ABORTED' });
    expect(await app.ended).to.equal(report);
  });

  it('has ended, and says so, when it could not even be prepared', async () => {
    const app = createApplication(QuietModule, embedded({ nothingSuch: true }));
    expect(await caught(() => app.start())).to.include({ code: 'CONFIG_INVALID' });
    expect(await app.ended).to.include({ exitCode: 1, reason: 'the start failed' });
    expect(app.lifetime.state).to.equal('failed');
    expect(app.lifetime.stopping.aborted).to.equal(true);
  });

  it('says what to do when it is asked for a component before it is started', async () => {
    const app = createApplication(QuietModule, embedded());
    const error = await caught(() => app.get(Quiet));
    expect(error).to.include({ code: 'APPLICATION_STATE', hint: 'await start() first' });
  });

  const refused: [what: string, config: Record<string, unknown>, code: string][] = [
    ['a need that nobody meets', { workers: { quiet: { needs: ['ledgr'] } } }, 'NEEDS_UNKNOWN'],
    ['a need for itself', { workers: { quiet: { needs: ['quiet'] } } }, 'NEEDS_CYCLE'],
    ['a broken cron expression', { workers: { quiet: { trigger: { cron: '61 * * * *' } } } }, 'TRIGGER_INVALID'],
    [
      'an unknown time zone',
      { workers: { quiet: { trigger: { cron: '0 2 * * *', timezone: 'Mars' } } } },
      'TRIGGER_INVALID',
    ],
    ['a stop that takes longer than the grace period', { shutdown: { timeout: '40s' } }, 'STOP_BUDGET_EXCEEDS_GRACE'],
  ];
  for (const [what, config, code] of refused) {
    it(`refuses ${what} before anything starts`, async () => {
      let constructed = false;
      @worker({ name: 'quiet', trigger: every('1h') })
      class Watched extends QuietWorker {
        override start(context: WorkerContext): void | Promise<void> {
          constructed = true;
          return super.start(context);
        }
      }
      const app = createApplication(
        moduleOf('m', (module) => {
          module.worker(Watched);
        }),
        embedded(config),
      );
      const error = await caught(() => app.start());
      expect(error).to.include({ code: 'CONFIG_INVALID' });
      expect((error as ConfigurationError).violations.map((violation) => violation.code)).to.deep.equal([code]);
      expect(constructed).to.equal(false);
    });
  }

  for (const option of [{ isolation: 'thread' }, { replicas: 'one' }] as const) {
    it(`refuses ${JSON.stringify(option)}, by name, as long as the part behind it does not exist`, async () => {
      @worker({ name: 'ahead', ...option })
      class Ahead extends QuietWorker {}
      const error = await caught(() =>
        testApplication(
          moduleOf('m', (module) => {
            module.worker(Ahead);
          }),
        ).start(),
      );
      expect(error).to.include({ code: 'OPTION_UNSUPPORTED' });
      expect(error.message)
        .to.include('"ahead"')
        .and.include(Object.keys(option)[0] ?? '');
    });
  }

  it('gives components the clock, the logger and the lifetime of the platform', async () => {
    const app = await testApplication(QuietModule).start();
    expect(app.get(tokens.Clock)).to.be.instanceOf(VirtualClock);
    expect(app.get(tokens.ApplicationLifetime).state).to.equal('running');
    app.get(tokens.Logger).info('hello');
    app.get(tokens.LoggerFactory).logger('mine').warn('careful');
    expect(app.logs().map(({ name, msg }) => `${name}: ${msg}`)).to.include.members(['quiet: hello', 'mine: careful']);
    await app.stop();
  });

  it('lets no secret out through its log, its health or its ledger', async () => {
    @configuration('partner')
    class PartnerConfig {
      @IsOptional() @secret() apiKey = 'no-key-at-all';
    }
    @worker({ name: 'leaky', trigger: every('1m') })
    class Leaky extends RoutineWorker {
      constructor(@inject(PartnerConfig) private readonly config: PartnerConfig) {
        super();
      }
      protected run(context: RunContext): Promise<Outcome> {
        context.log.info({ url: `http://user:${this.config.apiKey}@host/` }, `calling with ${this.config.apiKey}`);
        throw new Error(`401 for ${this.config.apiKey}`);
      }
    }
    const root = moduleOf('m', (module) => {
      module.config(PartnerConfig);
      module.worker(Leaky);
    });
    const app = await testApplication(root)
      .config({ partner: { apiKey: 'swordfish-42' } })
      .start();
    await app.advance('10m');
    await app.until('leaky', 'unhealthy');
    const shown = JSON.stringify([app.logs(), await app.health(), app.ledger('leaky'), app.operator.runs('leaky')]);
    expect(shown).to.include('******').and.not.include('swordfish');
    await app.stop();
  });
});

describe('a worker written by hand', () => {
  @worker({ name: 'byHand', timeout: '1m', health: { unhealthyAfter: 2 } })
  class ByHand implements Worker {
    context: WorkerContext | undefined;
    readonly diary: string[] = [];
    start(context: WorkerContext): void {
      this.context = context;
      this.diary.push('start');
    }
    stop(force?: boolean): void {
      this.diary.push(force === true ? 'stop now' : 'stop');
    }
    health(): Health {
      return this.context?.runHealth() ?? { status: 'ok' };
    }
    status(): WorkerStatus {
      return { state: 'running', details: { connected: true } };
    }
  }
  const root = moduleOf('m', (module) => {
    module.worker(ByHand);
  });

  it('has runs, a ledger and health', async () => {
    const app = await testApplication(root).start();
    const { context } = app.get(ByHand);
    await context?.run(() => worked({ items: 3 }));
    for (let i = 0; i < 2; i++) await context?.run(() => Promise.reject(new Error('refused')));
    expect(app.ledger('byHand').map(({ outcome }) => outcome)).to.deep.equal(['failed', 'failed', 'worked']);
    expect((await app.health()).workers['byHand']).to.deep.include({ status: 'unhealthy', raw: 'unhealthy' });
    expect(app.worker('byHand').details).to.deep.equal({ connected: true });
    await app.stop();
  });

  it('is restarted when it fails, and completes when it says so', async () => {
    const app = await testApplication(root).start();
    app.get(ByHand).context?.fail(new Error('the broker hung up'));
    await app.until('byHand', 'backing-off');
    await app.until('byHand', 'running');
    expect(app.worker('byHand')).to.include({ restarts: 1 });
    app.get(ByHand).context?.complete();
    await app.until('byHand', 'completed');
    await app.stop();
  });

  it('is paused by stopping it, and resumed by starting it', async () => {
    const app = await testApplication(root).start();
    await app.operator.act('byHand', 'pause', { who: 'somebody' });
    expect(app.worker('byHand')).to.include({ state: 'paused', pausedBy: 'somebody' });
    await app.operator.act('byHand', 'resume', { who: 'somebody' });
    expect(app.get(ByHand).diary).to.deep.equal(['start', 'stop', 'start']);
    await app.stop();
  });

  it('that cannot be asked for a run says so', async () => {
    const app = await testApplication(root).start();
    const error = await caught(() => app.operator.act('byHand', 'run', { who: 'somebody' }));
    expect(error).to.include({ code: 'WORKER_CONFLICT' });
    await app.stop();
  });
});

describe('needs', () => {
  class Door implements HealthContributor {
    status: HealthStatus = 'unhealthy';
    check(): HealthStatus {
      return this.status;
    }
  }

  it('keep a worker waiting, named, until the health contributor is ready; then it starts by itself', async () => {
    @healthContributor({ name: 'door', every: '5s' })
    class FrontDoor extends Door {}
    @worker({ name: 'guest', trigger: every('1m'), needs: ['door'] })
    class Guest extends QuietWorker {}
    const root = moduleOf('m', (module) => {
      module.worker(Guest);
      module.healthContributor(FrontDoor);
    });
    const clock = new VirtualClock();
    const app = createApplication(root, { ...embedded(), clock });
    const starting = app.start();
    while (app.lifetime.state === 'created') await new Promise((resolve) => setImmediate(resolve)); // reads files
    await clock.advance('12s');
    expect(app.operator.worker('guest')).to.deep.include({ state: 'waiting', waitingFor: ['door'], restarts: 0 });
    app.get(FrontDoor).status = 'ok';
    await clock.advance('5s');
    await starting;
    expect(app.operator.worker('guest')).to.include({ state: 'running' });
    await app.stop();
  });

  it('on a worker that does its work once are met when that is done', async () => {
    const order: string[] = [];
    @worker({ name: 'migrate', trigger: once() })
    class Migrate extends RoutineWorker {
      protected async run(context: RunContext): Promise<void> {
        await context.sleep('3s');
        order.push('migrated');
      }
    }
    @worker({ name: 'reader', trigger: every('1s', { immediately: true }), needs: ['migrate'] })
    class Reader extends RoutineWorker {
      protected run(): Promise<void> {
        order.push('read');
        return Promise.resolve();
      }
    }
    const root = moduleOf('m', (module) => {
      module.worker(Reader);
      module.worker(Migrate);
    });
    const app = await testApplication(root).start();
    await app.advance('1s');
    expect(order.slice(0, 2)).to.deep.equal(['migrated', 'read']);
    await app.stop();
  });
});
