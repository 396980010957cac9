import type { Clock } from '../contracts/clock.js';
import type { Duration } from '../contracts/duration.js';
import { PlbaError } from '../errors.js';
import { carryOn } from '../time/carry.js';
import { parseDuration } from '../time/duration.js';
import { SystemClock } from '../time/system-clock.js';
import { AbortWatch } from './abort-watch.js';
import { PushedTask } from './pushed-task.js';
import { QueueMeter } from './queue-meter.js';
import { SubmittedTask } from './submitted-task.js';
import { Task, type TaskTerms } from './task.js';
import { TaskLanes } from './task-lanes.js';
import { TaskLine } from './task-line.js';
import {
  type TaskQueueCloseReport,
  checkBounds,
  type TaskOptions,
  type TaskQueueOptions,
  type TaskWork,
} from './task-queue-options.js';
import { TaskSettlement } from './task-settlement.js';

/**
 * A bounded queue of tasks in memory: so many run at the same time, so many are held, and what does not fit waits or is
 * refused. An optional, local utility: tasks do not outlive the process.
 *
 * - Tasks begin in the order in which they were accepted, never before the call that brought them has returned.
 * - Every accepted task ends exactly once: with its result, or with the error of its work, `TASK_TIMED_OUT`, `TASK_ABORTED`
 *   or `QUEUE_CLOSED`.
 * - A task that is aborted or times out ends at once for whoever waits for it. It counts as running until its work has
 *   really ended; what the work still gives or throws is dropped.
 *
 * ```ts
 * const posting = new InMemoryTaskQueue<Invoice>({ concurrency: 4, capacity: 1_000, overflow: 'wait' }, (invoice, { signal }) =>
 *   ledger.post(invoice, signal),
 * );
 * for (const invoice of invoices) await posting.push(invoice);
 * await posting.drain();
 * ```
 */
export class InMemoryTaskQueue<T, R = unknown> {
  readonly #name: string;
  readonly #capacity: number;
  readonly #overflow: 'wait' | 'reject';
  /** Accepted and not begun. */
  readonly #waiting = new TaskLine();
  /** Not accepted yet: they wait for a place. Empty unless the queue is full. */
  readonly #blocked = new TaskLine();
  readonly #lanes: TaskLanes<T, R>;
  readonly #clock: Clock;
  readonly #meter: QueueMeter | undefined;
  readonly #settlement: TaskSettlement;
  readonly #aborts = new AbortWatch<Task>((task, reason) => {
    this.#abort(task, reason);
  });
  #done = 0;
  #failed = 0;
  #dropped = 0;
  #isClosed = false;
  /** There while somebody waits for the queue to be empty. */
  #drained: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  /**
   * @param work what is done with each item; its signal aborts when the task is to end before its work has
   * @throws PlbaError `OPTION_INVALID` or `DURATION_INVALID`
   */
  constructor(options: TaskQueueOptions<T>, work: TaskWork<T, R>) {
    const { name = 'queue', concurrency, clock = new SystemClock(), metrics } = options;
    checkBounds(name, options);
    this.#name = name;
    this.#clock = clock;
    this.#meter = metrics && new QueueMeter(metrics, name, options.capacity, this);
    this.#capacity = options.capacity;
    this.#overflow = options.overflow;
    this.#settlement = new TaskSettlement(this.#aborts, options.onError);
    this.#lanes = new TaskLanes({
      name,
      line: this.#waiting,
      work,
      concurrency,
      timeoutMs: optionalDuration(options.timeout, `timeout of ${name}`),
      clock,
      settlement: this.#settlement,
      meter: this.#meter,
      onEnd: (isDone) => {
        if (isDone) this.#done++;
        else this.#failed++;
        this.#meter?.end(isDone);
        this.#afterLeaving();
      },
    });
  }

  /** How many accepted tasks have not ended, waiting and running. */
  get size(): number {
    return this.#waiting.length + this.#lanes.running;
  }

  /** How many accepted tasks have not begun. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** How many tasks are at work, including those that were told to stop and have not. */
  get running(): number {
    return this.#lanes.running;
  }

  /** How many tasks wait for a place in the full queue; they are not accepted yet. */
  get blocked(): number {
    return this.#blocked.length;
  }

  /** How many accepted tasks have ended with a result. */
  get done(): number {
    return this.#done;
  }

  /** How many accepted tasks have ended otherwise: failed, timed out, aborted, or dropped when the queue closed. */
  get failed(): number {
    return this.#failed;
  }

  /** Whether it takes no more tasks. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * Fire and forget: nobody learns of the result, and errors go where {@link TaskQueueOptions.onError} says.
   *
   * @returns nothing when the task is accepted at once; a promise of that when it has to wait for a place, so that
   *   `await queue.push(item)` keeps a producer in step with the work (and the queue within its bounds). It rejects when the
   *   task ends before it is accepted
   * @throws PlbaError `QUEUE_FULL` or `QUEUE_CLOSED` when the task is refused, `TASK_ABORTED` when its signal has aborted already
   */
  push(item: T, options?: TaskOptions): void | Promise<void> {
    const terms = this.#terms(options);
    const refusal = this.#refusal(terms);
    if (refusal !== undefined) throw refusal;
    const isFull = this.#isFull();
    // A bare item says all there is to say of most tasks, and costs nothing but its place.
    if (!isFull && terms === undefined && !(item instanceof Task)) {
      this.#accept(item);
      return;
    }
    const task = new PushedTask(item, terms);
    const accepted = isFull ? task.whenAccepted() : undefined;
    this.#enter(task, isFull);
    return accepted;
  }

  /**
   * Hands over a task whose result somebody waits for. It can be used wherever a promise can (it is no `instanceof Promise`:
   * it becomes one only when somebody waits, which makes bursts cheap).
   *
   * Rejects with what the work throws, or with a PlbaError: `QUEUE_FULL` or `QUEUE_CLOSED` when the task is refused,
   * `TASK_TIMED_OUT`, `TASK_ABORTED`, and `QUEUE_CLOSED` when the queue closes before the task has begun.
   */
  submit(item: T, options?: TaskOptions): Promise<R> {
    const terms = this.#terms(options);
    const task = new SubmittedTask<R>(item, terms);
    const refusal = this.#refusal(terms);
    if (refusal === undefined) this.#enter(task, this.#isFull());
    else task.fail(refusal);
    return task;
  }

  /**
   * Resolves when nothing is left: everything accepted has ended, the work of stopped tasks included, and nobody waits for a
   * place. At once when there is nothing. Takes new tasks meanwhile, and waits for those too.
   */
  drain(): Promise<void> {
    if (this.size === 0) return Promise.resolve();
    if (this.#drained === undefined) {
      let resolve!: () => void;
      const promise = new Promise<void>((onResolve) => (resolve = onResolve));
      this.#drained = { promise, resolve };
    }
    return this.#drained.promise;
  }

  /**
   * Takes no more tasks and ends those that wait, with `QUEUE_CLOSED`; resolves when the work of those that run has ended.
   * To have the waiting ones done too, {@link drain} first.
   *
   * @param abort tell the running tasks to stop as well; they end with `TASK_ABORTED`. May follow a call without
   */
  async close({ abort = false }: { readonly abort?: boolean } = {}): Promise<TaskQueueCloseReport> {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.#endWaiting();
    }
    if (abort) {
      const reason = new PlbaError(
        'TASK_ABORTED',
        `a task of ${this.#name} was aborted: the queue was closed by force`,
      );
      this.#lanes.stopAll(reason);
    }
    await this.drain();
    this.#meter?.close();
    return { dropped: this.#dropped };
  }

  #terms(options: TaskOptions | undefined): TaskTerms | undefined {
    const carry = carryOn();
    const isPlain = options?.signal === undefined && options?.timeout === undefined;
    if (isPlain && carry === undefined && this.#meter === undefined) return undefined;
    const enteredMs = this.#meter && this.#clock.monotonic();
    const timeoutMs = optionalDuration(options?.timeout, `timeout of a task of ${this.#name}`);
    return { signal: options?.signal, timeoutMs, carry, enteredMs };
  }

  #refusal(terms: TaskTerms | undefined): PlbaError | undefined {
    if (this.#isClosed) return new PlbaError('QUEUE_CLOSED', `${this.#name} is closed and takes no more tasks`);
    if (terms?.signal?.aborted) return this.#abortion(terms.signal.reason);
    if (this.#overflow === 'wait' || this.size < this.#capacity) return undefined;
    return new PlbaError('QUEUE_FULL', `${this.#name} is full: it holds ${this.#capacity} tasks`, {
      hint: "try again later, or let producers wait with overflow: 'wait'",
    });
  }

  #isFull(): boolean {
    // Whoever waits for a place has a right to it before a newcomer.
    return this.size >= this.#capacity || this.#blocked.length > 0;
  }

  #enter(task: Task, isFull: boolean): void {
    if (task.terms?.signal !== undefined) this.#aborts.add(task.terms.signal, task);
    if (isFull) {
      task.state = 'blocked';
      this.#blocked.push(task);
    } else {
      this.#accept(task);
    }
  }

  #accept(entry: unknown): void {
    this.#waiting.push(entry);
    this.#lanes.wake();
  }

  /** To be called whenever accepted tasks have left, so that others get their places. */
  #afterLeaving(): void {
    while (this.#blocked.length > 0 && this.size < this.#capacity) {
      const task = this.#blocked.take() as Task;
      task.accept();
      this.#accept(task);
    }
    if (this.size === 0 && this.#drained !== undefined) {
      this.#drained.resolve();
      this.#drained = undefined;
    }
  }

  #abortion(reason: unknown): PlbaError {
    return new PlbaError('TASK_ABORTED', `a task of ${this.#name} was aborted by its signal`, { cause: reason });
  }

  #abort(task: Task, reason: unknown): void {
    const { state } = task;
    if (state === 'settled') return;
    const error = this.#abortion(reason);
    if (state === 'running') {
      this.#lanes.stop(task, error);
      return;
    }
    // Counted before anybody is told, for whoever is told may use the queue.
    task.state = 'settled';
    if (state === 'blocked') {
      this.#blocked.noteSettled();
    } else {
      this.#waiting.noteSettled();
      this.#failed++;
      this.#meter?.end(false);
    }
    this.#failUnbegun(task, error);
    this.#afterLeaving();
  }

  #endWaiting(): void {
    const error = new PlbaError('QUEUE_CLOSED', `${this.#name} was closed before the task began`);
    while (this.#blocked.length > 0) this.#failUnbegun(this.#blocked.take(), error);
    while (this.#waiting.length > 0) {
      const entry = this.#waiting.take();
      this.#dropped++;
      this.#failed++;
      this.#meter?.end(false);
      this.#failUnbegun(entry, error);
    }
    this.#afterLeaving();
  }

  #failUnbegun(entry: unknown, error: PlbaError): void {
    if (entry instanceof Task) this.#settlement.fail(entry, entry.item, error, true);
    else this.#settlement.fail(undefined, entry, error, true);
  }
}

function optionalDuration(duration: Duration | undefined, what: string): number | undefined {
  return duration === undefined ? undefined : parseDuration(duration, what);
}
