import 'reflect-metadata';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createApplication, every, once, RoutineWorker, worker } from 'plba';
import type { Application, Outcome, ReloadReport, RunContext, WorkerReport } from 'plba';
import { VirtualClock } from 'plba/testing';
import { moduleOf } from '../../support/modules.js';

/** What a run of `sync` does, one after the other; the last one again and again. */
type Deed = (context: RunContext) => Promise<Outcome | undefined>;

const works: Deed = () => Promise.resolve(undefined);
const fails: Deed = () => Promise.reject(new Error('no'));
const breaks: Deed = () => Promise.resolve({ kind: 'fatal', error: new Error('lost') });
const hangs: Deed = (context) =>
  new Promise((_, reject) => {
    context.signal.addEventListener('abort', () => {
      reject(context.signal.reason as Error);
    });
  });
const neverEnds: Deed = () => new Promise(() => undefined);

let deed: Deed = works;

@worker({ name: 'sync', trigger: every('1h'), critical: false, retry: { initial: '10m', max: '10m', jitter: 0 } })
class Sync extends RoutineWorker {
  protected override async run(context: RunContext): Promise<Outcome> {
    return (await deed(context)) ?? { kind: 'worked' };
  }
}

@worker({ name: 'migrate', trigger: once() })
class Migrate extends RoutineWorker {
  protected override run(): Promise<void> {
    return Promise.resolve();
  }
}

/** As long as there is one more, the application does not end by itself. */
@worker({ name: 'other', trigger: every('1h') })
class Other extends RoutineWorker {
  protected override run(): Promise<void> {
    return Promise.resolve();
  }
}

describe('a reload reaches a worker that is up', () => {
  let directory: string;
  let clock: VirtualClock;
  let application: Application;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'plba-mechanics-'));
    mkdirSync(join(directory, 'config'));
    clock = new VirtualClock({ at: '2026-01-05T08:00:30Z' });
    deed = works;
    const module = moduleOf('m', (builder) => {
      builder.worker(Sync);
      builder.worker(Migrate);
      builder.worker(Other);
    });
    const config = { plba: { control: { enabled: false } } };
    const logDestination = { write: () => undefined };
    application = createApplication(module, { directory, env: {}, clock, config, logDestination });
    await application.start();
    await clock.advance('1s');
  });

  afterEach(async () => {
    const stopping = application.stop();
    await clock.advance('1m');
    await stopping;
    rmSync(directory, { recursive: true });
  });

  const reload = (sync: object, migrate: object = {}): Promise<ReloadReport> => {
    const plba = { workers: { sync, migrate } };
    writeFileSync(join(directory, 'config', 'application.json'), JSON.stringify({ plba }));
    return application.operator.reload('test');
  };
  const sync = (): WorkerReport | undefined => application.operator.worker('sync');
  const runs = (): number => application.operator.runs('sync')?.length ?? 0;
  const outcome = (): string | undefined => application.operator.runs('sync')?.[0]?.outcome;

  it('with another period: the next run comes by that, and none at once', async () => {
    expect((await reload({ trigger: { every: '10s', immediately: true } })).needsRestart).to.deep.equal([]);
    await clock.advance('9s');
    expect(runs()).to.equal(0);
    await clock.advance('1s');
    expect(runs()).to.equal(1);
    expect(sync()?.options.trigger).to.include({ kind: 'every', periodMs: 10_000 });
    await reload({});
    await clock.advance('59m');
    expect(runs()).to.equal(1);
    await clock.advance('1m');
    expect(runs()).to.equal(2);
  });

  it('with a calendar in the place of a period, and with another calendar', async () => {
    await reload({ trigger: { cron: '5 8 * * *' } });
    expect(sync()?.nextRun).to.deep.equal(new Date('2026-01-05T08:05:00Z'));
    await clock.advance('5m');
    expect(runs()).to.equal(1);
    await reload({ trigger: { cron: '0 9 * * *', timezone: 'Europe/Berlin' } });
    expect(sync()?.nextRun).to.deep.equal(new Date('2026-01-06T08:00:00Z'));
    expect(sync()?.health.status).to.equal('ok');
  });

  it('with another timeout, from the next run on', async () => {
    deed = hangs;
    const run = application.operator.act('sync', 'run', { who: 'test' });
    await reload({ timeout: '5s' });
    await clock.advance('10s');
    expect(runs()).to.equal(0);
    const stop = application.operator.act('sync', 'restart', { who: 'test', force: true });
    await clock.advance('1s');
    await Promise.allSettled([run, stop]);
    const next = application.operator.act('sync', 'run', { who: 'test' });
    await clock.advance('5s');
    await next;
    expect(application.operator.runs('sync')?.[0]).to.include({ outcome: 'failed', durationMs: 5_000 });
  });

  it('with another retry', async () => {
    deed = fails;
    await reload({ retry: { initial: '2s', max: '2s' } });
    await application.operator.act('sync', 'run', { who: 'test' });
    expect(outcome()).to.equal('failed');
    await clock.advance('2s');
    expect(runs()).to.equal(2);
  });

  it('with another restart', async () => {
    await reload({ restart: { on: 'never' } });
    expect(sync()?.options.restart.on).to.equal('never');
    await reload({ restart: { then: 'stop-application' } });
    deed = breaks;
    await application.operator.act('sync', 'run', { who: 'test' }).catch(() => undefined);
    await clock.advance('1m');
    expect((await application.ended).reason).to.equal('worker "sync" is lost');
  });

  it('with another health policy', async () => {
    deed = fails;
    await application.operator.act('sync', 'run', { who: 'test' });
    expect(sync()?.health.status).to.equal('ok');
    await reload({ health: { degradedAfter: 1 } });
    await application.operator.act('sync', 'run', { who: 'test' });
    expect(sync()?.health.status).to.equal('degraded');
  });

  it('with other stop budgets', async () => {
    await reload({ stop: { drain: '1s', abort: '1s' } });
    deed = neverEnds;
    application.operator.act('sync', 'run', { who: 'test' }).catch(() => undefined);
    await clock.advance(0);
    const stopping = application.stop();
    await clock.advance('2s');
    const { workers } = await stopping;
    expect(workers.find(({ worker: name }) => name === 'sync')).to.include({ result: 'abandoned', durationMs: 2_000 });
  });

  it('and says what needs a restart: to take it out, needs, until, ledger, and a trigger that is once or was', async () => {
    const report = await reload(
      { enabled: false, until: { runs: 3 }, ledger: 5, trigger: 'once', needs: ['migrate'] },
      { trigger: { every: '1m' } },
    );
    expect(report.needsRestart).to.deep.equal([
      'plba.workers.migrate.trigger.every',
      'plba.workers.sync.enabled',
      'plba.workers.sync.ledger',
      'plba.workers.sync.needs.0',
      'plba.workers.sync.trigger',
      'plba.workers.sync.until.runs',
    ]);
    expect(sync()?.options).to.deep.include({ needs: [], until: {}, ledger: 50 });
    expect(sync()?.options.trigger?.kind).to.equal('every');
  });
});
