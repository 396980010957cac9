import type { RunContext } from '../../src/contracts/run.js';
import type { Outcome } from '../../src/contracts/outcome.js';
import type { ErrorClass, Worker, WorkerContext, WorkerStatus } from '../../src/contracts/worker.js';
import type { WorkerOptions } from '../../src/contracts/worker-options.js';
import type { PlbaError } from '../../src/errors.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import { compileCron } from '../../src/worker/cron-fires.js';
import { effectiveOptions } from '../../src/worker/effective-options.js';
import { RoutineWorker } from '../../src/worker/routine-worker.js';
import type { SupervisedWorker } from '../../src/worker/supervised-worker.js';
import { Supervisor } from '../../src/worker/supervisor.js';
import type { WorkerEntry } from '../../src/worker/worker-parts.js';
import { fakeLogger, type FakeLine } from './fake-logger.js';

/** What a test supervises, and everything that it wants to see of it. */
export interface Supervision {
  readonly clock: VirtualClock;
  readonly supervisor: Supervisor;
  readonly lines: readonly FakeLine[];
  /** `<worker> <state>` for each state that was entered, in order. */
  readonly states: readonly string[];
  readonly lost: readonly { readonly worker: string; readonly error: PlbaError }[];
  /** Names of the health contributors that are ready. Call `supervisor.prerequisiteChanged()` after a change. */
  readonly readyContributors: Set<string>;
  worker(name?: string): SupervisedWorker;
}

/** A worker and its options; the name is `w` unless the options say another. */
export type Supervisable = readonly [worker: Worker, options?: Partial<WorkerOptions>];

/** Puts workers under supervision, in virtual time and without chance. */
export async function supervise(
  workers: readonly Supervisable[],
  { random = () => 0, at, manual }: { random?: () => number; at?: string; manual?: boolean } = {},
): Promise<Supervision> {
  const clock = new VirtualClock(at === undefined ? {} : { at });
  const log = fakeLogger();
  const readyContributors = new Set<string>();
  const entries = await Promise.all(
    workers.map(async ([worker, declared]): Promise<WorkerEntry> => {
      const options = effectiveOptions({ name: 'w', ...declared });
      const { trigger } = options;
      const fires = trigger.kind === 'cron' ? { fires: await compileCron(trigger, options.name) } : {};
      return { worker, options, module: 'test', ...fires };
    }),
  );
  const supervisor = new Supervisor({
    entries,
    clock,
    random,
    loggers: { logger: () => log, stream: () => ({ write: () => undefined }) },
    startTimeoutMs: 60_000,
    isContributorReady: (name) => readyContributors.has(name),
    ...(manual !== undefined && { manual }),
  });
  const states: string[] = [];
  const known = new Map<string, string>();
  supervisor.onChange(({ name, state }) => {
    if (known.get(name) !== state) states.push(`${name} ${state}`);
    known.set(name, state);
  });
  const lost: { worker: string; error: PlbaError }[] = [];
  supervisor.onLost(({ name }, error) => lost.push({ worker: name, error }));
  const worker = (name = 'w'): SupervisedWorker => supervisor.get(name);
  return { clock, supervisor, lines: log.lines, states, lost, readyContributors, worker };
}

/** What the run of a {@link routine} does. */
export type RunScript = (context: RunContext, run: number) => Outcome | undefined | Promise<Outcome | undefined>;

/** A `RoutineWorker` whose runs follow a script; `run` counts from 0. Notes when each run began. */
export class ScriptedRoutine extends RoutineWorker {
  readonly beganMs: number[] = [];
  readonly contexts: RunContext[] = [];
  /** Runs in progress, now and at most. */
  inProgress = 0;
  mostInProgress = 0;
  /** What a throw means. */
  meaning: (error: unknown) => ErrorClass = () => 'failed';
  context: WorkerContext | undefined;

  constructor(private readonly script: RunScript) {
    super();
  }

  override start(context: WorkerContext): void | Promise<void> {
    this.context = context;
    return super.start(context);
  }

  protected async run(context: RunContext): Promise<Outcome | undefined> {
    this.beganMs.push(this.context!.clock.monotonic());
    this.contexts.push(context);
    this.inProgress++;
    this.mostInProgress = Math.max(this.mostInProgress, this.inProgress);
    try {
      return await this.script(context, this.beganMs.length - 1);
    } finally {
      this.inProgress--;
    }
  }

  protected override classify(error: unknown): ErrorClass {
    return this.meaning(error);
  }
}

/** A {@link ScriptedRoutine}. */
export function routine(script: RunScript = () => undefined): ScriptedRoutine {
  return new ScriptedRoutine(script);
}

/** A hand-written worker that extends nothing. Notes what it is told, and whether a start and a stop overlapped. */
export class HandWorker implements Worker {
  readonly calls: string[] = [];
  context: WorkerContext | undefined;
  /** A start began while a stop was under way, or the other way round. */
  overlapped = false;
  onStart: (context: WorkerContext) => void | Promise<void> = () => undefined;
  onStop: (force: boolean) => void | Promise<void> = () => undefined;
  private starting = 0;
  private stopping = 0;

  async start(context: WorkerContext): Promise<void> {
    this.calls.push('start');
    this.context = context;
    if (this.starting + this.stopping > 0) this.overlapped = true;
    this.starting++;
    try {
      await this.onStart(context);
    } finally {
      this.starting--;
    }
  }

  async stop(force = false): Promise<void> {
    this.calls.push(force ? 'stop by force' : 'stop');
    if (this.starting > 0) this.overlapped = true;
    this.stopping++;
    try {
      await this.onStop(force);
    } finally {
      this.stopping--;
    }
  }

  health(): { status: 'ok' } {
    return { status: 'ok' };
  }

  status(): WorkerStatus {
    return { state: 'running' };
  }
}

/** A promise that a test settles. */
export interface Deferred {
  readonly promise: Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
}

/** Makes a {@link Deferred}. */
export function deferred(): Deferred {
  let resolve: () => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

/** Never resolves. */
export const never = (): Promise<never> => new Promise(() => undefined);
