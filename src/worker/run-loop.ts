import type { Clock, Timer } from '../contracts/clock.js';
import type { Outcome } from '../contracts/outcome.js';
import type { RunRecord } from '../contracts/run.js';
import type { ErrorClass, RunLoop, RunWork } from '../contracts/worker.js';
import type { EffectiveWorkerOptions } from '../contracts/worker-options.js';
import { PlbaError } from '../errors.js';
import { backoffDelayMs } from '../time/backoff.js';
import type { Run } from './run.js';
import type { RunExecutor } from './run-executor.js';
import { outcomeOf, outcomeOfThrow } from './run-outcome.js';
import { RunRequests } from './run-requests.js';
import type { Schedule } from './schedule.js';

/** What a loop of runs is made of. */
export interface RunLoopParts {
  readonly options: EffectiveWorkerOptions;
  readonly executor: RunExecutor;
  readonly schedule: Schedule;
  readonly clock: Clock;
  readonly random: () => number;
  readonly work: RunWork;
  readonly classify: (error: unknown) => ErrorClass;
  /** Nothing runs by itself: only {@link RunLoop.runNow} makes runs happen. For tests. */
  readonly manual: boolean;
  /** The worker has done enough. */
  readonly onComplete: () => void;
  /** A run was `fatal`, or the loop itself broke. */
  readonly onFail: (error: unknown, fatal: boolean) => void;
}

// A loop whose runs never wait for anything would keep everybody else from running. It steps aside after so long, and after
// so many runs on a clock that stands still.
const longestStretchMs = 5;
const longestStretchRuns = 512;

/** The wall clock can be set and a machine can be suspended: a wait for the calendar looks again after so long. */
const longestWaitMs = 300_000;

/**
 * Runs after each other, when the trigger, the retry backoff or an operator says so. Runs never overlap, because there is
 * one loop and it awaits each of them.
 */
export class TriggeredRunLoop implements RunLoop {
  private open = true;
  private paused = false;
  private readonly requests: RunRequests;
  private wake: (() => void) | undefined;
  /** Monotonic time of the next try after a setback, or after `more: true`; it takes the place of the schedule. */
  private retryMs: number | undefined;
  private runs = 0;
  private idleRuns = 0;
  /** When the loop next steps aside: by the monotonic time, or by the number of its runs. */
  private yieldAfterMs = 0;
  private yieldAfterRuns = 0;
  private readonly isOnce: boolean;
  private readonly mostRuns: number;
  private readonly mostIdleRuns: number;
  /** Monotonic time at which the worker has done enough. */
  private readonly untilMs: number;
  private readonly ended: Promise<void>;

  constructor(private readonly parts: RunLoopParts) {
    const { trigger, until } = parts.options;
    this.isOnce = trigger.kind === 'once';
    this.mostRuns = until.runs ?? Infinity;
    this.mostIdleRuns = until.idleRuns ?? Infinity;
    this.untilMs = parts.clock.monotonic() + (until.durationMs ?? Infinity);
    this.requests = new RunRequests(parts.options.name);
    parts.executor.overdueAfterMs = parts.schedule.overdueAfterMs;
    this.ended = this.loop().catch((error: unknown) => {
      this.fail(error, false);
    });
  }

  async stop(force = false): Promise<void> {
    this.close();
    this.wake?.();
    if (force) {
      const { executor, options } = this.parts;
      executor.current?.abort(new PlbaError('RUN_ABORTED', `worker "${options.name}" stops and its run must end`));
    }
    await this.ended;
  }

  pause(): void {
    this.paused = true;
    this.wake?.();
  }

  resume(): void {
    this.paused = false;
    this.wake?.();
  }

  runNow(): Promise<RunRecord> {
    const record = this.requests.add();
    this.wake?.();
    return record;
  }

  nextRun(): Date | undefined {
    const { clock, executor } = this.parts;
    if (!this.open || executor.current !== undefined) return undefined;
    const remainingMs = this.remainingMs(clock.monotonic());
    return Number.isFinite(remainingMs) ? new Date(clock.now() + Math.max(0, remainingMs)) : undefined;
  }

  private async loop(): Promise<void> {
    const { clock, executor, work, classify } = this.parts;
    // Whoever owns a long-lived loop lets others run before it calls foreign code: the synchronous part of one worker's
    // first run must not hold up another worker's start.
    let nowMs = await this.stepAside();
    while (this.open) {
      const waitMs = this.requests.waiting ? 0 : this.remainingMs(nowMs);
      if (waitMs > 0) {
        await this.wait(waitMs, nowMs);
        nowMs = this.lookAround();
        if (nowMs >= this.untilMs) this.complete();
        continue;
      }
      const run = this.begin(this.requests.waiting, nowMs);
      const asked = this.requests.take();
      let outcome: Outcome;
      try {
        outcome = outcomeOf(await executor.invoke(work, run));
      } catch (thrown) {
        outcome = outcomeOfThrow(thrown, classify);
      }
      // The time at which a run ends is also the time at which the next one begins: one look at the clock for both.
      nowMs = clock.monotonic();
      this.follow(executor.end(run, outcome, nowMs), nowMs);
      asked?.answer(run.toRecord());
      if (nowMs > this.yieldAfterMs || this.runs >= this.yieldAfterRuns) nowMs = await this.stepAside();
    }
  }

  private begin(isAsked: boolean, nowMs: number): Run {
    const { executor, schedule, options } = this.parts;
    const isRetry = this.retryMs !== undefined;
    this.retryMs = undefined;
    if (isAsked) return executor.begin('operator', undefined, nowMs);
    const scheduledForMs = schedule.begin(nowMs);
    return executor.begin(options.trigger.kind, isRetry ? undefined : scheduledForMs, nowMs);
  }

  /** What comes after an outcome: the end, another try, or the next run on schedule. */
  private follow(outcome: Outcome, nowMs: number): void {
    this.parts.schedule.ended(outcome, nowMs);
    if (outcome.kind === 'fatal') {
      this.fail(outcome.error, true);
      return;
    }
    this.retryMs = this.retryAtMs(outcome, nowMs);
    this.runs++;
    this.idleRuns = outcome.kind === 'idle' ? this.idleRuns + 1 : 0;
    if (this.isEnough(nowMs)) this.complete();
  }

  private retryAtMs(outcome: Outcome, nowMs: number): number | undefined {
    const { executor, options, random } = this.parts;
    switch (outcome.kind) {
      case 'worked':
        return outcome.more === true ? nowMs : undefined;
      case 'blocked':
        if (outcome.retryInMs !== undefined) return nowMs + outcome.retryInMs;
        return nowMs + backoffDelayMs(options.retry, executor.setbacks, random);
      case 'failed':
        return nowMs + backoffDelayMs(options.retry, executor.setbacks, random);
      default:
        return undefined;
    }
  }

  private isEnough(nowMs: number): boolean {
    if (this.runs >= this.mostRuns || this.idleRuns >= this.mostIdleRuns || nowMs >= this.untilMs) return true;
    return this.isOnce && this.retryMs === undefined;
  }

  /** Milliseconds until the next run that nobody has to ask for. */
  private remainingMs(nowMs: number): number {
    if (this.paused || this.parts.manual) return Infinity;
    return this.retryMs === undefined ? this.parts.schedule.remainingMs(nowMs) : this.retryMs - nowMs;
  }

  // Resolves when the time has come, or when something changed. It may be shorter than what remains: the loop asks again.
  private wait(waitMs: number, nowMs: number): Promise<void> {
    const { clock, executor } = this.parts;
    executor.dueMs = waitMs === Infinity ? undefined : nowMs + waitMs;
    const timerMs = Math.min(waitMs, this.untilMs - nowMs);
    return new Promise((resolve) => {
      let timer: Timer | undefined = undefined;
      const wake = (): void => {
        this.wake = undefined;
        timer?.cancel();
        resolve();
      };
      this.wake = wake;
      if (timerMs !== Infinity) timer = clock.setTimer(Math.min(timerMs, longestWaitMs), wake);
    });
  }

  /** Lets everything else run that is due, and answers the time after that. */
  private async stepAside(): Promise<number> {
    await this.parts.clock.yield();
    return this.lookAround();
  }

  /** Others have had their turn: the time now, and when they are to have it again. */
  private lookAround(): number {
    const { clock, executor } = this.parts;
    executor.lookAround();
    const nowMs = clock.monotonic();
    this.yieldAfterMs = nowMs + longestStretchMs;
    this.yieldAfterRuns = this.runs + longestStretchRuns;
    return nowMs;
  }

  private complete(): void {
    this.close();
    this.parts.onComplete();
  }

  private fail(error: unknown, fatal: boolean): void {
    this.close();
    this.parts.onFail(error, fatal);
  }

  private close(): void {
    this.open = false;
    this.requests.close();
  }
}
