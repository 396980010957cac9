import { expect } from 'chai';
import { inject, injectable } from 'inversify';
import {
  blocked,
  cron,
  every,
  failed,
  idle,
  once,
  RoutineWorker,
  tokens,
  worked,
  worker,
  type Clock,
  type Outcome,
  type RunContext,
} from 'plba';
import { testApplication } from 'plba/testing';
import { caught } from '../../support/caught.js';
import { moduleOf, QuietWorker } from '../../support/modules.js';

@injectable()
class Partner {
  call(): Promise<Outcome> {
    return Promise.resolve(worked({ items: 1 }));
  }
}

@worker({ name: 'sync', trigger: every('30s') })
class Sync extends RoutineWorker {
  constructor(@inject(Partner) private readonly partner: Partner) {
    super();
  }
  protected run(): Promise<Outcome> {
    return this.partner.call();
  }
}

const SyncModule = moduleOf('sync', (module) => {
  module.bind(Partner).toSelf().inSingletonScope();
  module.worker(Sync);
});

describe('the test kit', () => {
  it('replaces a binding before anything is resolved', async () => {
    const app = await testApplication(SyncModule)
      .rebind(Partner, (binding) => binding.toConstantValue({ call: () => Promise.resolve(worked({ items: 7 })) }))
      .start();
    expect((await app.step('sync')).items).to.equal(7);
    await app.stop();
  });

  it('refuses to rebind what no module binds', async () => {
    class Stranger {}
    const builder = testApplication(SyncModule).rebind(Stranger, (binding) => binding.toSelf());
    const error = await caught(() => builder.start());
    expect(error).to.include({ code: 'BINDING_MISSING' });
    expect(error.message).to.include('Stranger');
  });

  it('lets a worker be replaced as a whole', async () => {
    const app = await testApplication(SyncModule)
      .rebind(Sync, (binding) =>
        binding.toConstantValue({
          start: () => undefined,
          stop: () => undefined,
          health: () => ({ status: 'degraded', reason: 'a double' }),
          status: () => ({ state: 'running' }),
        } as unknown as Sync),
      )
      .start();
    expect((await app.health()).workers['sync']).to.include({ raw: 'degraded', reason: 'a double' });
    await app.stop();
  });

  it('moves time through every run that becomes due, in order', async () => {
    const app = await testApplication(SyncModule).at('2026-06-01T12:00:00Z').start();
    await app.advance('90s');
    const starts = app.ledger('sync').map(({ started }) => started.toISOString());
    expect(starts).to.deep.equal(['2026-06-01T12:01:30.000Z', '2026-06-01T12:01:00.000Z', '2026-06-01T12:00:30.000Z']);
    await app.stop();
  });

  it('runs nothing by itself in manual mode', async () => {
    const app = await testApplication(SyncModule).manual().start();
    await app.advance('1h');
    expect(app.ledger('sync')).to.have.length(0);
    await app.step('sync');
    expect(app.ledger('sync')).to.have.length(1);
    await app.stop();
  });

  it('names what a worker that others wait for keeps failing with, when the start is given up', async () => {
    @worker({ name: 'prepare', trigger: once(), retry: { initial: '10s', factor: 1, jitter: 0 } })
    class Prepare extends RoutineWorker {
      protected run(): Promise<Outcome> {
        return Promise.reject(new Error('db is away'));
      }
    }
    @worker({ name: 'import', needs: ['prepare'] })
    class Import extends QuietWorker {}
    const module = moduleOf('m', (builder) => {
      builder.worker(Prepare);
      builder.worker(Import);
    });
    const error = await caught(() => testApplication(module).start());
    expect(error.message).to.match(
      /"prepare" is running, its last \d+ runs failed: db is away; "import" is waiting for prepare$/,
    );
  });

  it('says what to do when manual mode keeps from starting what others need', async () => {
    @worker({ name: 'prepare', trigger: once() })
    class Prepare extends QuietWorker {}
    @worker({ name: 'import', needs: ['prepare'] })
    class Import extends QuietWorker {}
    const module = moduleOf('m', (builder) => {
      builder.worker(Prepare);
      builder.worker(Import);
    });
    const error = await caught(() => testApplication(module).manual().start());
    expect(error).to.include({ code: 'START_TIMED_OUT' });
    expect(error.stack).to.include('leave it out with .without(…), or leave out .manual()');
  });

  it('shows in the stack what to do, which runners print and hints they do not', async () => {
    await using app = await testApplication(SyncModule).start();
    const error = await caught(() => app.step('snyc'));
    expect(error.stack?.split('\n').slice(0, 2)).to.deep.equal([
      'PlbaError: no worker is called "snyc"',
      '    hint: there are: sync',
    ]);
    const builder = testApplication(SyncModule).rebind(Date, (binding) => binding.toConstantValue(new Date()));
    expect((await caught(() => builder.start())).stack).to.match(/no module binds it\n {4}hint: .+\n {4}at /);
  });

  it('steps through a run that sleeps without waiting for it', async () => {
    @worker({ name: 'sleeper' })
    class Sleeper extends RoutineWorker {
      protected async run(context: RunContext): Promise<Outcome> {
        await context.sleep('2h');
        return worked();
      }
    }
    const app = await testApplication(
      moduleOf('m', (module) => {
        module.worker(Sleeper);
      }),
    )
      .manual()
      .start();
    expect((await app.step('sleeper')).durationMs).to.equal(2 * 60 * 60 * 1000);
    await app.stop();
  });

  it('waits for a state that a run brings which waits for something out of sight of the clock', async () => {
    @worker({ name: 'outside', trigger: once() })
    class Outside extends RoutineWorker {
      protected async run(): Promise<Outcome> {
        await new Promise((resolve) => setTimeout(resolve, 300)); // of Node.js, and real: what the clock cannot see
        return worked();
      }
    }
    const module = moduleOf('m', (builder) => {
      builder.worker(Outside);
    });
    await using app = await testApplication(module).start();
    await app.until('outside', 'completed');
  });

  it('waits for a state or a health, and says what it found when that never comes', async () => {
    let answer: Outcome = worked();
    const app = await testApplication(SyncModule)
      .rebind(Partner, (binding) => binding.toConstantValue({ call: () => Promise.resolve(answer) }))
      .start();
    answer = failed(new Error('503'));
    await app.until('sync', 'degraded');
    await app.until('sync', 'unhealthy');
    answer = worked();
    await app.until('sync', 'ok');
    const never = await app.until('sync', 'failed', '10m').then(
      () => 'it came',
      (error: unknown) => String(error),
    );
    expect(never).to.include('was not failed within 10m: it is running and ok');
    await app.stop();
  });

  it('takes configuration and environment as the application would', async () => {
    const app = await testApplication(SyncModule)
      .config({ plba: { workers: { sync: { trigger: { every: '10s' } } } } })
      .env({ PLBA__WORKERS__SYNC__TIMEOUT: '5s' })
      .start();
    expect(app.worker('sync').options).to.include({ timeoutMs: 5000 });
    expect(app.worker('sync').trigger).to.include({ kind: 'every', periodMs: 10_000 });
    await app.stop();
  });

  it('keeps log lines, with the virtual time', async () => {
    const app = await testApplication(SyncModule)
      .rebind(Partner, (binding) => binding.toConstantValue({ call: () => Promise.resolve(blocked('ledger is away')) }))
      .at('2026-06-01T12:00:00Z')
      .start();
    await app.advance('30s');
    const line = app.logs().find(({ msg }) => msg.includes('ledger is away'));
    expect(line).to.include({ level: 'warn', worker: 'sync', time: '2026-06-01T12:00:30.000Z' });
    expect(line).to.have.property('runId', app.ledger('sync')[0]?.id);
    expect(line).to.have.property('trace_id', app.ledger('sync')[0]?.traceId);
    await app.stop();
  });

  it('follows the calendar across the change to daylight saving time', async () => {
    @worker({ name: 'nightly', trigger: cron('30 1 * * *', { timezone: 'Europe/London' }) })
    class Nightly extends RoutineWorker {
      protected run(): Promise<Outcome> {
        return Promise.resolve(idle());
      }
    }
    const app = await testApplication(
      moduleOf('m', (module) => {
        module.worker(Nightly);
      }),
    )
      .at('2026-03-27T12:00:00Z')
      .start();
    await app.advance('72h');
    const fires = app.ledger('nightly').map(({ scheduledFor }) => scheduledFor?.toISOString());
    // On the 29th the clock jumps from 01:00 to 02:00, and the run comes at the first minute that exists.
    expect(fires).to.deep.equal(['2026-03-30T00:30:00.000Z', '2026-03-29T01:00:00.000Z', '2026-03-28T01:30:00.000Z']);
    await app.stop();
  });

  it('rejects a stop that leaves a timer behind, and says where it was set', async () => {
    @worker({ name: 'leaky', trigger: once() })
    class Leaky extends RoutineWorker {
      constructor(@inject(tokens.Clock) private readonly clock: Clock) {
        super();
      }
      protected run(): Promise<void> {
        this.clock.setTimer(60_000, () => undefined);
        return Promise.resolve();
      }
    }
    const app = await testApplication(
      moduleOf('m', (module) => {
        module.worker(Leaky);
      }),
    ).start();
    await app.until('leaky', 'completed');
    const message = await app.stop().then(
      () => 'it stopped',
      (error: unknown) => String(error),
    );
    expect(message).to.include('1 timer').and.include('test-application.spec');
  });
});
