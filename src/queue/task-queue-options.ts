import type { Clock } from '../contracts/clock.js';
import type { Duration } from '../contracts/duration.js';
import type { Metrics } from '../contracts/metrics.js';
import { PlbaError } from '../errors.js';

/** How an `InMemoryTaskQueue` behaves. Its bounds are always said: there is no good default for them. */
export interface TaskQueueOptions<T> {
  /** How many tasks run at the same time. */
  readonly concurrency: number;
  /** How many tasks it holds at most, waiting and running together. At least `concurrency`. */
  readonly capacity: number;
  /** What a task meets when the queue is full: it waits for a place, or is refused with `QUEUE_FULL`. */
  readonly overflow: 'wait' | 'reject';
  /** How long each task may run, from its beginning. Default: no limit. */
  readonly timeout?: Duration | undefined;
  /**
   * Told of each pushed task that did not end well: it failed, timed out, was aborted, or was still waiting when the queue
   * closed. Without it, the error of a task that failed or timed out is an unhandled rejection of the process.
   */
  readonly onError?: ((error: unknown, item: T) => void) | undefined;
  /** What the queue is called in messages. Default `'queue'`. */
  readonly name?: string | undefined;
  /** Where time comes from. Default: real time. Inside an application, hand over the injected clock, so that tests own it. */
  readonly clock?: Clock | undefined;
  /**
   * Where it shows how full it is and how long tasks wait, under its `name`. Default: nowhere, and then nothing is measured. Inside
   * an application, hand over what `tokens.Metrics` gives.
   */
  readonly metrics?: Metrics | undefined;
}

/** What can be said of one task. */
export interface TaskOptions {
  /** Ends the task: one that waits never begins, one that runs is told by its own signal. */
  readonly signal?: AbortSignal | undefined;
  /** In place of the queue's. */
  readonly timeout?: Duration | undefined;
}

/** What the work of a task is given besides the item. */
export interface TaskContext {
  /** Aborts at the timeout, when the task's own signal aborts, and when the queue closes by force. Its reason says which. */
  readonly signal: AbortSignal;
}

/** What is done with each item. */
export type TaskWork<T, R> = (item: T, context: TaskContext) => R | Promise<R>;

/** How closing went. */
export interface TaskQueueCloseReport {
  /** How many accepted tasks were still waiting and so never began. */
  readonly dropped: number;
}

/** What {@link TaskQueueOptions} must obey. @throws PlbaError `OPTION_INVALID` */
export function checkBounds(name: string, { concurrency, capacity, overflow }: TaskQueueOptions<never>): void {
  if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
    throw new PlbaError(
      'OPTION_INVALID',
      `concurrency of ${name} is ${String(concurrency)}; it must be a whole number of at least 1`,
    );
  }
  if (!Number.isSafeInteger(capacity) || capacity < concurrency) {
    throw new PlbaError(
      'OPTION_INVALID',
      `capacity of ${name} is ${String(capacity)}; it must be a whole number of at least its concurrency, ${concurrency}`,
    );
  }
  if (!['wait', 'reject'].includes(overflow)) {
    throw new PlbaError(
      'OPTION_INVALID',
      `overflow of ${name} is ${overflow as string}; it must be 'wait' or 'reject'`,
    );
  }
}
