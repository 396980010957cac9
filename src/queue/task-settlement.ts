import type { AbortWatch } from './abort-watch.js';
import type { Task } from './task.js';

/** How the tasks of a queue end: whoever waits for one learns of it, and no error gets lost. */
export class TaskSettlement {
  readonly #aborts: AbortWatch<Task>;
  readonly #onError: ((error: unknown, item: never) => void) | undefined;

  constructor(aborts: AbortWatch<Task>, onError: ((error: unknown, item: never) => void) | undefined) {
    this.#aborts = aborts;
    this.#onError = onError;
  }

  /** Ends a task with its result. */
  succeed(task: Task, result: unknown): void {
    this.#unwatch(task);
    task.succeed(result);
  }

  /**
   * Ends a task with an error.
   *
   * @param task undefined where there is nothing but the item
   * @param isDeliberate somebody ended the task and knows it, so that without `onError` nobody else has to be told
   */
  fail(task: Task | undefined, item: unknown, error: unknown, isDeliberate: boolean): void {
    if (task !== undefined) {
      this.#unwatch(task);
      if (task.fail(error)) return;
    }
    if (this.#onError !== undefined) {
      try {
        this.#onError(error, item as never);
      } catch (thrown) {
        reportUnhandled(thrown);
      }
    } else if (!isDeliberate) {
      reportUnhandled(error);
    }
  }

  #unwatch(task: Task): void {
    if (task.terms?.signal !== undefined) this.#aborts.remove(task.terms.signal, task);
  }
}

/** An unhandled rejection, which the process, and so the application, gets to see. */
function reportUnhandled(error: unknown): void {
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- passes on what was thrown
  void Promise.reject(error);
}
