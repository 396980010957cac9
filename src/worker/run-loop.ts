import type { Clock, Timer } from '../contracts/clock.js';
import type { Outcome } from '../contracts/outcome.js';
import type { RunRecord } from '../contracts/run.js';
import type { RunTrigger } from '../contracts/trigger.js';
import type { ErrorClass, RunLoop, RunWork } from '../contracts/worker.js';
import type { EffectiveWorkerOptions } from '../contracts/worker-options.js';
import { PlbaError } from '../errors.js';
import { backoffDelayMs } from '../time/backoff.js';
import type { RunExecutor } from './run-executor.js';
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
const yieldAfterMs = 5;
const yieldAfterRuns = 512;

/**
 * Runs after each other, when the trigger, the retry backoff or an operator says so. Runs never overlap, because there is
 * one loop and it awaits each of them.
 */
export class TriggeredRunLoop implements RunLoop {
  private open = true;
  private paused = false;
  private requests: { resolve: (record: RunRecord) => void; reject: (error: unknown) => void }[] = [];
  private wake: (() => void) | undefined;
  /** Monotonic time of the next try after a setback; it takes the place of the schedule. */
  private retryMs: number | undefined;
  private runs = 0;
  private idleRuns = 0;
  private readonly startedMs: number;
  private readonly ended: Promise<void>;

  constructor(private readonly parts: RunLoopParts) {
    this.startedMs = parts.clock.monotonic();
    parts.executor.overdueAfterMs = parts.schedule.overdueAfterMs;
    this.ended = this.loop().catch((error: unknown) => {
      this.open = false;
      parts.onFail(error, false);
    });
  }

  async stop(force = false): Promise<void> {
    this.open = false;
    this.refuseRequests();
    this.wakeUp();
    if (force) {
      const { executor, options } = this.parts;
      executor.current?.abort(new PlbaError('RUN_ABORTED', `worker "${options.name}" stops and its run must end`));
    }
    await this.ended;
  }

  pause(): void {
    this.paused = true;
    this.wakeUp();
  }

  resume(): void {
    this.paused = false;
    this.wakeUp();
  }

  runNow(): Promise<RunRecord> {
    if (!this.open) return Promise.reject(this.closed());
    return new Promise((resolve, reject) => {
      this.requests.push({ resolve, reject });
      this.wakeUp();
    });
  }

  nextRun(): Date | undefined {
    if (!this.open || this.paused || this.parts.manual || this.parts.executor.current !== undefined) return undefined;
    const remainingMs = this.remainingMs();
    return Number.isFinite(remainingMs) ? new Date(this.parts.clock.now() + Math.max(0, remainingMs)) : undefined;
  }

  private async loop(): Promise<void> {
    const { clock, executor, schedule, options, work, classify } = this.parts;
    // Whoever owns a long-lived loop lets others run before it calls foreign code: the synchronous part of one worker's
    // first run must not hold up another worker's start.
    await clock.yield();
    executor.syncClocks();
    let nowMs = clock.monotonic();
    let yieldedMs = nowMs;
    let runsSinceYield = 0;
    while (this.open) {
      const asked = this.requests.length > 0;
      if (!asked) {
        const waitMs = this.paused || this.parts.manual ? Infinity : this.remainingMs();
        if (waitMs > 0) {
          await this.wait(waitMs);
          executor.syncClocks();
          nowMs = yieldedMs = clock.monotonic();
          if (this.durationIsOver(nowMs)) return this.complete();
          continue;
        }
      }
      const served = asked ? this.requests.splice(0) : undefined;
      const trigger: RunTrigger = asked ? 'operator' : options.trigger.kind;
      const run = executor.begin(
        trigger,
        asked || this.retryMs !== undefined ? undefined : schedule.scheduledForMs(),
        nowMs,
      );
      this.retryMs = undefined;
      if (!asked) schedule.began();
      let outcome: Outcome;
      try {
        const result = await executor.invoke(work, run);
        outcome = executor.end(run, result, (nowMs = clock.monotonic()));
      } catch (error) {
        outcome = executor.endThrown(run, error, classify, (nowMs = clock.monotonic()));
      }
      schedule.ended(outcome);
      if (served !== undefined) {
        const record = run.toRecord();
        for (const request of served) request.resolve(record);
      }
      if (outcome.kind === 'fatal') {
        this.open = false;
        this.refuseRequests();
        const fatalError = outcome.error;
        this.parts.onFail(fatalError, true);
        return;
      }
      this.planRetry(outcome, nowMs);
      if (this.isEnough(outcome, nowMs)) return this.complete();
      if (nowMs - yieldedMs > yieldAfterMs || ++runsSinceYield === yieldAfterRuns) {
        await clock.yield();
        executor.syncClocks();
        nowMs = yieldedMs = clock.monotonic();
        runsSinceYield = 0;
      }
    }
  }

  private remainingMs(): number {
    if (this.retryMs !== undefined) return this.retryMs - this.parts.clock.monotonic();
    return this.parts.schedule.remainingMs();
  }

  private planRetry(outcome: Outcome, nowMs: number): void {
    const { executor, options, random } = this.parts;
    if (outcome.kind === 'blocked' && outcome.retryInMs !== undefined) {
      this.retryMs = nowMs + outcome.retryInMs;
    } else if (outcome.kind === 'blocked' || outcome.kind === 'failed') {
      this.retryMs = nowMs + backoffDelayMs(options.retry, Math.max(1, executor.nextAttempt - 1), random);
    } else if (outcome.kind === 'worked' && outcome.more === true) {
      this.retryMs = nowMs;
    }
  }

  private isEnough(outcome: Outcome, nowMs: number): boolean {
    const { until, trigger } = this.parts.options;
    this.runs++;
    this.idleRuns = outcome.kind === 'idle' ? this.idleRuns + 1 : 0;
    if (this.runs === until.runs || this.idleRuns === until.idleRuns) return true;
    if (this.durationIsOver(nowMs)) return true;
    return trigger.kind === 'once' && this.retryMs === undefined;
  }

  private durationIsOver(nowMs: number): boolean {
    const { durationMs } = this.parts.options.until;
    return durationMs !== undefined && nowMs - this.startedMs >= durationMs;
  }

  private complete(): void {
    this.open = false;
    this.refuseRequests();
    this.parts.onComplete();
  }

  // Resolves when the time has come, or when something changed. A wait may be shorter than what remains (the calendar is on
  // the wall clock, which can be set): the loop asks again.
  private wait(waitMs: number): Promise<void> {
    const { clock, executor, options, manual } = this.parts;
    if (!this.paused && !manual) executor.dueMs = clock.monotonic() + waitMs;
    const { durationMs } = options.until;
    const untilMs = durationMs === undefined ? Infinity : this.startedMs + durationMs - clock.monotonic();
    const timerMs = Math.min(waitMs, Math.max(0, untilMs), longestWaitMs);
    return new Promise((resolve) => {
      let timer: Timer | undefined = undefined;
      this.wake = () => {
        this.wake = undefined;
        timer?.cancel();
        resolve();
      };
      if (waitMs !== Infinity || untilMs !== Infinity) timer = clock.setTimer(timerMs, this.wake);
    });
  }

  private wakeUp(): void {
    this.wake?.();
  }

  private refuseRequests(): void {
    for (const request of this.requests.splice(0)) request.reject(this.closed());
  }

  private closed(): PlbaError {
    return new PlbaError('WORKER_CONFLICT', `worker "${this.parts.options.name}" takes no more runs: it has ended`, {
      hint: 'start it first',
    });
  }
}

/** The wall clock can be set and a machine can be suspended: a wait for the calendar looks again after so long. */
const longestWaitMs = 300_000;
