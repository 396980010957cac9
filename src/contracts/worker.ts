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
   * Called in any state and more than once; resolves when nothing is left open.
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
  pause(): void;
  /** Runs again. */
  resume(): void;
  /** Does one run as soon as none is in progress, and gives its record once it has ended. */
  runNow(): Promise<RunRecord>;
}

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
   * Does one run: with id, trace, deadline (`timeout`), progress, outcome and a place in the ledger. Never throws for
   * what `work` throws: that is its outcome. One at a time: a second one while the first is in progress is refused with
   * `RUN_OVERLAP`.
   */
  run(work: (run: RunContext) => Outcome | undefined | Promise<Outcome | undefined>): Promise<RunRecord>;
  /** Health as the worker's policy judges the runs done through {@link run}. */
  runHealth(): Health;
  /** Says that all work is done, for good: the worker becomes `completed`. */
  complete(): void;
  /** Says that the worker has ended by itself and should not have: the supervisor restarts it or escalates. */
  fail(error: unknown): void;
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
