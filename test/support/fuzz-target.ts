import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Application,
  type ApplicationEvent,
  createApplication,
  cron,
  healthContributor,
  type Outcome,
  RoutineWorker,
  type RunContext,
  worked,
  worker,
} from 'plba';
import { ask, type Question } from '../fakes/control-client.js';
import { bearer } from '../fakes/control-stage.js';
import type { Words } from './described-requests.js';
import { moduleOf } from './modules.js';

const trigger = cron('0 0 29 2 *', { timezone: 'UTC' });

@worker({ name: 'quick', trigger, critical: false })
class Quick extends RoutineWorker {
  protected run(): Promise<Outcome> {
    return Promise.resolve(worked({ items: 1 }));
  }
}

@worker({ name: 'slow', trigger, critical: false })
class Slow extends RoutineWorker {
  protected async run(context: RunContext): Promise<Outcome> {
    context.log.info('begins');
    await context.sleep('5ms');
    context.progress(1, 2);
    await context.sleep('5ms');
    return worked({ items: 2 });
  }
}

// It does not try again by itself.
@worker({ name: 'failing', trigger, critical: false, retry: { initial: '24h', max: '24h' } })
class Failing extends RoutineWorker {
  protected run(): Promise<Outcome> {
    return Promise.reject(new Error('this one always does'));
  }
}

@healthContributor({ name: 'ledger', groups: ['ready', 'books'], every: '1h' })
class Ledger {
  check(): 'ok' {
    return 'ok';
  }
}

const Fuzzed = moduleOf('fuzzed', (module) => {
  module.worker(Quick);
  module.worker(Slow);
  module.worker(Failing);
  module.healthContributor(Ledger);
});

/** The token of each authority. */
export const tokens = { probe: 'p-token', read: 'r-token', operate: 'o-token' };
/** Stand for what an application has made up itself by the time it is asked. */
const someRun = 'some-run';
const someTrace = 'some-trace';
/** What requests to it can be about. */
export const words: Words = {
  name: ['quick', 'slow', 'failing', 'plba.control', 'default'],
  worker: ['quick', 'nobody'],
  group: ['live', 'ready', 'startup', 'books'],
  file: ['console.css', 'main.js'],
  id: [someRun, someTrace],
  outcome: ['worked', 'failed,fatal', 'nothing'],
  since: ['2026-01-05T00:00:00Z', 'yesterday'],
  limit: ['1', '0', '-1', '1e3'],
  format: ['microprofile', 'xml'],
  Prefer: ['respond-async', 'wait=10, respond-async'],
  level: ['debug', 'info', 'error', 'inherit'],
  // None that would end before the look at what has changed.
  for: ['10m', '2h', '-1s', '1e400h'],
  reason: ['why not', 'warum nicht: 日本語'],
};

/** An application that everything may be tried on, with what has happened in it. */
export class FuzzTarget {
  readonly application: Application;
  readonly events: ApplicationEvent[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), 'plba-fuzz-'));
  private hear: () => void = () => undefined;

  constructor() {
    this.application = createApplication(Fuzzed, {
      directory: this.folder,
      env: {},
      config: { plba: { control: { port: 0, tokens, socket: false }, telemetry: { traces: 'on' } } },
      logDestination: { write: () => undefined },
    });
    this.application.events.subscribe((event) => {
      this.events.push(event);
      this.hear();
    });
  }

  get port(): number {
    return this.application.controlAddress?.port ?? 0;
  }

  /** Every request that changes something leaves one of these. */
  get audits(): readonly { readonly what: string; readonly result: string }[] {
    return this.events.flatMap((event) => (event.type === 'audit' ? [event.entry] : []));
  }

  /** All that a request could change, as it is. */
  state(): string {
    const { operator, lifetime } = this.application;
    // The next try is counted from two clocks, and moves by a millisecond between looks.
    const workers = operator.workers().map(({ nextRun, ...worker }) => ({ ...worker, isDue: nextRun !== undefined }));
    return JSON.stringify([lifetime.state, workers, operator.logging().loggers, operator.configuration()]);
  }

  /** The end of a change that went on after its answer. */
  async audited(count: number): Promise<void> {
    while (this.audits.length < count) await new Promise<void>((resolve) => (this.hear = resolve));
  }

  /** The same request, with ids that there are. */
  filled(question: Question): Question {
    const { operator } = this.application;
    const name = /^\/workers\/(\w+)\//.exec(question.path)?.[1] ?? 'quick';
    const run = operator.runs(name)?.[0]?.id ?? someRun;
    const trace = operator.traces()[0]?.traceId ?? someTrace;
    return { ...question, path: question.path.replace(someRun, run).replace(someTrace, trace) };
  }

  async stop(): Promise<void> {
    await this.application.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Another one, after this one was told to stop. */
  async replaced(): Promise<FuzzTarget> {
    await this.application.ended;
    await this.stop();
    return FuzzTarget.start();
  }

  static async start(): Promise<FuzzTarget> {
    const target = new FuzzTarget();
    await target.application.start();
    // So that there is a run and a trace to look at.
    const headers = bearer(tokens.operate);
    for (const name of ['quick', 'slow', 'failing'])
      await ask(target.port, { method: 'POST', path: `/workers/${name}/run`, headers });
    return target;
  }
}
