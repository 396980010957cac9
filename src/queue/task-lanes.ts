import type { Clock } from '../contracts/clock.js';
import { PlbaError } from '../errors.js';
import { formatDuration } from '../time/duration.js';
import { RunningTask } from './running-task.js';
import type { QueueMeter } from './queue-meter.js';
import { Task } from './task.js';
import type { TaskLine } from './task-line.js';
import type { TaskWork } from './task-queue-options.js';
import type { TaskSettlement } from './task-settlement.js';

/** After so many tasks a lane lets the rest of the process have a turn. */
const TASKS_PER_TURN = 1_000;

/** What lanes are made of. */
export interface TaskLanesSetup<T, R> {
  readonly name: string;
  /** Where the tasks come from. */
  readonly line: TaskLine;
  readonly work: TaskWork<T, R>;
  readonly concurrency: number;
  readonly timeoutMs: number | undefined;
  readonly clock: Clock;
  readonly settlement: TaskSettlement;
  /** Measures, where somebody wants to know. */
  readonly meter: QueueMeter | undefined;
  /** Told when the work of a task has ended, after the task was settled; `isDone` when it gave its result. */
  readonly onEnd: (isDone: boolean) => void;
}

/**
 * Takes tasks from a line and does their work, in as many lanes as are needed, up to the concurrency. A lane does one task
 * after the other and ends when nobody stands in line.
 */
export class TaskLanes<T, R> {
  readonly #setup: TaskLanesSetup<T, R>;
  readonly #line: TaskLine;
  readonly #work: TaskWork<T, R>;
  readonly #timeoutMs: number | undefined;
  readonly #settlement: TaskSettlement;
  readonly #onEnd: (isDone: boolean) => void;
  readonly #lanes = new Set<Lane>();
  #running = 0;

  constructor(setup: TaskLanesSetup<T, R>) {
    this.#setup = setup;
    this.#line = setup.line;
    this.#work = setup.work;
    this.#timeoutMs = setup.timeoutMs;
    this.#settlement = setup.settlement;
    this.#onEnd = setup.onEnd;
  }

  /** How many tasks are at work, including those that were told to stop and have not. */
  get running(): number {
    return this.#running;
  }

  /** To be called when a task was put in line. It begins later, never before the caller is done. */
  wake(): void {
    if (this.#lanes.size >= this.#setup.concurrency) return;
    const lane = new Lane(
      () => {
        this.#advance(lane);
      },
      (isDone, value) => {
        this.#end(lane, isDone, value);
        this.#advance(lane);
      },
    );
    this.#lanes.add(lane);
    queueMicrotask(lane.advance);
  }

  /** Ends `task`, which somebody wants to end, although its work goes on; and tells the work. */
  stop(task: Task, error: PlbaError): void {
    for (const { running } of this.#lanes) {
      if (running?.task === task) this.#stop(running, error, true);
    }
  }

  /** Does {@link stop} to all tasks at work. */
  stopAll(error: PlbaError): void {
    for (const { running } of this.#lanes) {
      if (running !== undefined) this.#stop(running, error, true);
    }
  }

  /**
   * Until the work has ended, the lane is taken.
   *
   * @param isDeliberate see {@link TaskSettlement.fail}
   */
  #stop(running: RunningTask, error: PlbaError, isDeliberate: boolean): void {
    if (running.isStopped) return;
    running.stop(error);
    this.#settlement.fail(running.task, running.item, error, isDeliberate);
  }

  #advance(lane: Lane): void {
    while (this.#line.length > 0) {
      if (lane.leftInTurn === 0) {
        lane.leftInTurn = TASKS_PER_TURN;
        void this.#setup.clock.yield().then(lane.advance);
        return;
      }
      lane.leftInTurn--;
      const running = this.#begin(this.#line.take());
      lane.running = running;
      let result: R | Promise<R>;
      try {
        const work = this.#work;
        const carry = running.task?.terms?.carry;
        const begin = (): R | Promise<R> => work(running.item as T, running);
        result = carry === undefined ? work(running.item as T, running) : carry(begin);
        if (isPromiseLike(result)) {
          Promise.resolve(result).then(lane.onResult, lane.onError);
          return;
        }
      } catch (error) {
        this.#end(lane, false, error);
        continue;
      }
      this.#end(lane, true, result);
    }
    this.#lanes.delete(lane);
  }

  #begin(entry: unknown): RunningTask {
    this.#running++;
    const task = entry instanceof Task ? entry : undefined;
    const running = new RunningTask(task === undefined ? entry : task.item, task);
    let timeoutMs = this.#timeoutMs;
    if (task !== undefined) {
      task.state = 'running';
      timeoutMs = task.terms?.timeoutMs ?? timeoutMs;
      const { meter, clock } = this.#setup;
      if (task.terms?.enteredMs !== undefined) meter?.begun(clock.monotonic() - task.terms.enteredMs);
    }
    if (timeoutMs !== undefined) this.#limit(running, timeoutMs);
    return running;
  }

  #limit(running: RunningTask, timeoutMs: number): void {
    const { name, clock } = this.#setup;
    running.timer = clock.setTimer(timeoutMs, () => {
      const message = `a task of ${name} took longer than ${formatDuration(timeoutMs)}`;
      this.#stop(running, new PlbaError('TASK_TIMED_OUT', message), false);
    });
  }

  /** The work has ended, with `value` as its result or its error. */
  #end(lane: Lane, succeeded: boolean, value: unknown): void {
    const running = lane.running as RunningTask;
    lane.running = undefined;
    running.timer?.cancel();
    this.#running--;
    // Of a task that was told to stop nobody waits for a result any more, and its error is the echo of that.
    const isDone = succeeded && !running.isStopped;
    if (!succeeded && !running.isStopped) this.#settlement.fail(running.task, running.item, value, false);
    else if (isDone && running.task !== undefined) this.#settlement.succeed(running.task, value);
    this.#onEnd(isDone);
  }
}

/** One of the places where tasks run, one after the other. Its callbacks are made once, not for each task. */
class Lane {
  running: RunningTask | undefined = undefined;
  leftInTurn = TASKS_PER_TURN;
  readonly onResult: (result: unknown) => void;
  readonly onError: (error: unknown) => void;

  constructor(
    readonly advance: () => void,
    onEnd: (isDone: boolean, value: unknown) => void,
  ) {
    this.onResult = (result) => {
      onEnd(true, result);
    };
    this.onError = (error) => {
      onEnd(false, error);
    };
  }
}

function isPromiseLike<R>(value: R | PromiseLike<R>): value is PromiseLike<R> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
