import type { Timer } from '../contracts/clock.js';
import { abortOf } from '../time/named-abort.js';
import type { Task } from './task.js';
import type { TaskContext } from './task-queue-options.js';

/** A task while its work runs, and what that work is given. The signal is made only when the work asks for it. */
export class RunningTask implements TaskContext {
  /** The timeout, if there is one. */
  timer: Timer | undefined = undefined;
  #controller: AbortController | undefined = undefined;
  #reason: Error | undefined = undefined;

  constructor(
    readonly item: unknown,
    /** The task, where there is more than the item. */
    readonly task: Task | undefined,
  ) {}

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Whether it was told to stop: its task is settled, only its work has not ended. */
  get isStopped(): boolean {
    return this.#reason !== undefined;
  }

  /** Tells the work to stop. */
  stop(reason: Error): void {
    this.#reason = reason;
    if (this.#controller !== undefined) abortOf('a task of a queue', this.#controller, reason);
  }
}
