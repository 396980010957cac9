import type { Clock } from '../contracts/clock.js';
import type { ErrorClass, RunWork } from '../contracts/worker.js';
import type { EffectiveWorkerOptions } from '../contracts/worker-options.js';
import type { RunExecutor } from './run-executor.js';
import type { Schedule } from './schedule.js';

/** What a loop of runs is made of. */
export interface RunLoopParts {
  readonly options: EffectiveWorkerOptions;
  readonly executor: RunExecutor;
  /** When runs are due, at first. */
  readonly schedule: Schedule;
  readonly clock: Clock;
  readonly random: () => number;
  readonly work: RunWork;
  readonly classify: (error: unknown) => ErrorClass;
  /** Nothing runs by itself: only `runNow()` makes runs happen. For tests. */
  readonly manual: boolean;
  /** Whoever is told how it ends. */
  readonly owner: RunLoopOwner;
}

/** Whose runs they are. */
export interface RunLoopOwner {
  /** The worker has done enough. */
  complete(): void;
  /** Its runs were stopped, and the last one has ended: by the worker itself, if it is not to stop. */
  stopped(): void;
  /** A run was `fatal`, or the loop itself broke. */
  end(end: 'fatal' | 'failed', error: unknown): void;
}
