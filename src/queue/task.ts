import type { Carry } from '../time/carry.js';

/** What was said of one task. Most have none. */
export interface TaskTerms {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number | undefined;
  /** What was active where it was handed over; undefined while nothing is traced. */
  readonly carry: Carry | undefined;
  /** Monotonic time at which it was handed over; undefined where nobody measures. */
  readonly enteredMs: number | undefined;
}

/**
 * Where a task is. `blocked` waits for a place in the queue and is not accepted yet; `settled` has its result or error,
 * although its work may still go on.
 */
export type TaskState = 'blocked' | 'waiting' | 'running' | 'settled';

/** A task that is more than its item: somebody waits for its result, or something was said of it. */
export abstract class Task {
  state: TaskState = 'waiting';

  constructor(
    /** The item. Kept no longer than the task needs it. */
    public item: unknown,
    readonly terms: TaskTerms | undefined,
  ) {}

  /** It has a place in the queue. */
  accept(): void {
    this.state = 'waiting';
  }

  /** Ends it with its result. A task is ended once. */
  abstract succeed(result: unknown): void;

  /** Ends it with an error, and answers whether there is somebody who learns of it. A task is ended once. */
  abstract fail(error: unknown): boolean;
}
