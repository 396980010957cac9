import type { Clock } from './clock.js';
import type { Health } from './health.js';
import type { Logger } from './logger.js';
import type { Outcome } from './outcome.js';
import type { RunContext, RunRecord } from './run.js';
import type { EffectiveWorkerOptions } from './worker-options.js';

/**
 * The main extension point: something that the platform starts, supervises and stops. Extend `RoutineWorker` to have runs
 * driven by a trigger, or implement this by hand; both are treated alike. Tag the class with `@worker()`.
 */
export interface Worker {
  /** Gets ready. Resolves when ready, not when finished. A throw fails the start (or the restart). */
  start(context: WorkerContext): void | Promise<void>;
  /**
   * Ends the work: `force` false (default) takes no new work and lets the work in progress finish, true aborts that too.
   * Called in any state and more than once, also while an earlier call is under way. Resolves when nothing is left open; as
   * long as an earlier call has not, the worker is not started again.
   */
  stop(force?: boolean): void | Promise<void>;
  /** How it is. Cheap: reads what is already known, asks nobody. */
  health(): Health | Promise<Health>;
  /** Where it is, from its own point of view. */
  status(): WorkerStatus;
}

/** A worker that lets the platform hold its work without stopping it, and ask for a run. `RoutineWorker` is one. */
export interface SteerableWorker extends Worker {
  /** No new runs until {@link resume}; a run in progress may finish. */
  pause(): void | Promise<void>;
  /** Runs again. */
  resume(): void | Promise<void>;
  /** Does one run as soon as none is in progress, and gives its record once it has ended. */
  runNow(): Promise<RunRecord>;
}

/** The business of one run. Returning nothing is `worked()`; a throw is classified. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- a run that returns nothing has worked
export type RunWork = (run: RunContext) => Outcome | void | Promise<Outcome | void>;

/** What an error that a run threw means: see {@link Outcome}. */
export type ErrorClass = 'blocked' | 'failed' | 'fatal';

/** What a worker is given when it starts. */
export interface WorkerContext {
  /** The worker's name. */
  readonly name: string;
  /** What the decorator said, with what configuration overrides. */
  readonly options: EffectiveWorkerOptions;
  readonly clock: Clock;
  /** Logger named after the worker. */
  readonly log: Logger;
  /** Aborts when the worker is told to abort, after draining took too long or by force. */
  readonly signal: AbortSignal;
  /**
   * Runs `work` whenever the worker's trigger says so, until the worker is stopped or has done enough. `classify` says
   * what a throw means; default: `failed`. Once for each start; the loop completes or fails the worker by itself.
   */
  drive(work: RunWork, classify?: (error: unknown) => ErrorClass): RunLoop;
  /**
   * For a worker that decides itself when to run: does one run, with id, trace, deadline (`timeout`), progress, outcome
   * and a place in the ledger. What `work` throws is its outcome. Rejects with `RUN_OVERLAP` while one is in progress.
   */
  run(work: RunWork): Promise<RunRecord>;
  /**
   * Watches over `work` that goes on for as long as the worker is up, such as a loop that reads a broker. When it settles before
   * the worker is told to stop, well or not, the worker has ended by itself, as by {@link fail}, unless it says
   * {@link complete} at once. A stop waits for it: let it end when `stop()` is called, or else when {@link signal} aborts.
   */
  watch(work: PromiseLike<unknown>): void;
  /** Health as the worker's policy judges its runs. */
  runHealth(): Health;
  /** Says that all work is done, for good: the worker becomes `completed`. */
  complete(): void;
  /** Says that the worker has ended by itself and should not have: the supervisor restarts it or escalates. */
  fail(error: unknown): void;
}

/** Runs that a trigger drives. */
export interface RunLoop {
  /**
   * No new runs; resolves when the run in progress has ended. With `force` that run is aborted. A worker that is not told to stop
   * and does this has ended by itself, as by {@link WorkerContext.fail}, unless it says {@link WorkerContext.complete} then.
   */
  stop(force?: boolean): Promise<void>;
  pause(): void;
  resume(): void;
  /** Does one run as soon as none is in progress, and gives its record once it has ended. */
  runNow(): Promise<RunRecord>;
  /** When the trigger makes the next run happen; undefined when that is not known or there is none. */
  nextRun(): Date | undefined;
}

/** Where a worker is in its life. */
export type WorkerState =
  | 'created'
  | 'waiting'
  | 'starting'
  | 'running'
  | 'paused'
  | 'backing-off'
  | 'standby'
  | 'stopping'
  | 'completed'
  | 'stopped'
  | 'failed';

/** What a worker says about where it is. The supervisor's own view of the state is the one that counts. */
export interface WorkerStatus {
  readonly state: WorkerState;
  readonly since?: Date;
  /** Anything worth showing to an operator. */
  readonly details?: Record<string, unknown>;
}
