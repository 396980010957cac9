import 'reflect-metadata';
import { expect } from 'chai';
import {
  ApplicationModule,
  type ApplicationEvent,
  blocked,
  every,
  failed,
  idle,
  type ModuleBuilder,
  type Outcome,
  partial,
  RoutineWorker,
  type RunContext,
  secret,
  configuration,
  tokens,
  worked,
  worker,
} from 'plba';
import { testApplication, type TestApplication } from 'plba/testing';

let work: (run: RunContext) => Outcome | Promise<Outcome> = () => idle();

@configuration('vault')
class VaultConfig {
  @secret() password!: string;
}

@worker({ name: 'intake', trigger: every('1h'), ledger: 3, critical: false })
class Intake extends RoutineWorker {
  protected override async run(run: RunContext): Promise<Outcome> {
    return work(run);
  }
}

class LedgerModule extends ApplicationModule {
  readonly name = 'ledger-application';
  override assemble(module: ModuleBuilder): void {
    module.config(VaultConfig);
    module.worker(Intake);
  }
}

describe('the ledger', () => {
  let app: TestApplication;
  beforeEach(async () => {
    app = await testApplication(LedgerModule)
      .config({ vault: { password: 'hunter2hunter2' } })
      .manual()
      .start();
  });
  afterEach(() => app.stop());

  const step = async (next: typeof work): Promise<string> => {
    work = next;
    return (await app.step('intake')).id;
  };

  it('keeps the last runs, newest first, each with what became of it', async () => {
    await step(() => idle());
    const cause = new Error('socket hang up');
    const ids = [
      await step(() => worked({ items: 3 })),
      await step(() => partial({ done: 2, rejected: 1, reason: 'one was empty' })),
      await step(() => failed(new TypeError('no answer', { cause }))),
    ];
    const runs = app.operator.runs('intake') ?? [];
    expect(runs.map(({ id }) => id)).to.deep.equal(ids.toReversed());
    expect(runs.map(({ outcome, items, rejected, reason }) => ({ outcome, items, rejected, reason }))).to.deep.equal([
      { outcome: 'failed', items: undefined, rejected: undefined, reason: undefined },
      { outcome: 'partial', items: 2, rejected: 1, reason: 'one was empty' },
      { outcome: 'worked', items: 3, rejected: undefined, reason: undefined },
    ]);
    expect(runs[0]?.error).to.deep.equal({ name: 'TypeError', message: 'no answer', causes: ['socket hang up'] });
  });

  it('keeps what a run has logged, without secrets, and nothing of others', async () => {
    const id = await step((run) => {
      run.log.info({ invoice: 7 }, 'the password is hunter2hunter2');
      app.get(tokens.Logger).info('somebody else');
      return failed(new Error('no'));
    });
    const lines = app.operator.run('intake', id)?.log ?? [];
    expect(lines.map(({ level, msg, invoice }) => [level, msg, invoice])).to.deep.equal([
      ['info', 'the password is ******', 7],
      ['error', 'run failed: no', undefined],
    ]);
  });

  it('has no secret in the error of a run, its cause or its reason, for whoever reads it where', async () => {
    const secret = 'the password is hunter2hunter2';
    await step(() => failed(new Error(secret, { cause: new Error(secret) })));
    await step(() => blocked(secret));
    const [second, first] = app.operator.runs('intake') ?? [];
    expect(first?.error).to.deep.include({ message: 'the password is ******', causes: ['the password is ******'] });
    expect(second?.reason).to.equal('the password is ******');
  });

  it('leads from a log line to the run and its trace by their ids', async () => {
    await step(() => failed(new Error('no')));
    const line = app.logs().find(({ msg }) => msg === 'run failed: no');
    const run = app.operator.run('intake', String(line?.['runId']));
    expect(run?.outcome).to.equal('failed');
    expect(run?.traceId).to.equal(line?.['trace_id']);
  });

  it('keeps the last lines of a run that goes on and on, and says how many are gone', async () => {
    const id = await step((run) => {
      for (let line = 0; line < 1_000; line++) run.log.info(`line ${line}`);
      return idle();
    });
    const { log = [], logDropped = 0 } = app.operator.run('intake', id) ?? {};
    expect(log.length + logDropped).to.equal(1_000);
    expect(JSON.stringify(log).length).to.be.within(6_000, 8_500);
    expect(log.at(-1)?.['msg']).to.equal('line 999');
  });

  it('shows a run in progress by its id, and how fast it is', async () => {
    let seen: unknown;
    await step(async (run) => {
      await run.sleep('4s');
      run.progress(10, 30, 'files');
      const shown = app.operator.run('intake', run.runId);
      seen = { outcome: shown?.outcome, ...shown?.progress, at: undefined };
      return idle();
    });
    expect(seen).to.deep.equal({
      outcome: undefined,
      done: 10,
      total: 30,
      note: 'files',
      at: undefined,
      perSecond: 2.5,
      leftMs: 8_000,
    });
  });

  it('cuts off what goes on and on', async () => {
    const id = await step((run) => {
      run.progress(1, 2, 'x'.repeat(1e6));
      return partial({ done: 1, rejected: 1, reason: 'y'.repeat(1e6) });
    });
    expect(JSON.stringify(app.operator.run('intake', id)).length).to.be.lessThan(12_000);
  });

  it('knows no run of another worker, and none that has left it', async () => {
    const first = await step(() => idle());
    expect(app.operator.run('intake', first)?.id).to.equal(first);
    for (let run = 0; run < 3; run++) await step(() => idle());
    expect(app.operator.run('intake', first)).to.equal(undefined);
    expect(app.operator.run('nobody', first)).to.equal(undefined);
  });
});

describe('the events of runs', () => {
  it('tell its start, its progress ten times a second at most, and its end', async () => {
    const app = await testApplication(LedgerModule)
      .config({ vault: { password: 'hunter2hunter2' } })
      .manual()
      .start();
    const told: string[] = [];
    app.get(tokens.ApplicationEvents).subscribe((event: ApplicationEvent) => {
      if ('run' in event)
        told.push(`${event.type} ${event.run.progress?.done ?? ''} ${event.run.outcome ?? ''}`.trim());
    });
    work = async (run) => {
      for (let done = 1; done <= 4; done++) {
        run.progress(done, 4);
        if (done % 2 === 0) await run.sleep('100ms');
      }
      return worked({ items: 4 });
    };
    await app.step('intake');
    expect(told).to.deep.equal(['run-started', 'run-progress 1', 'run-progress 3', 'run-ended 4 worked']);
    await app.stop();
  });
});
