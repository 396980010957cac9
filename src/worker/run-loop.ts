import type { Timer } from '../contracts/clock.js';
import type { Outcome } from '../contracts/outcome.js';
import type { RunRecord } from '../contracts/run.js';
import type { RunLoop } from '../contracts/worker.js';
import { PlbaError } from '../errors.js';
import { nextTryMs } from './next-try.js';
import type { Run } from './run.js';
import type { RunLoopParts } from './run-loop-parts.js';
import { outcomeOf, outcomeOfThrow } from './run-outcome.js';
import { RunRequests } from './run-requests.js';
import type { Schedule } from './schedule.js';

// A loop whose runs never wait for anything would keep everybody else from running. It steps aside after so long, and after
// so many runs on a clock that stands still.
const longestStretchMs = 5;
const longestStretchRuns = 512;

/** What a bout after a rest waits for: that whoever has ended the rest is done, and the timers that are due besides. */
const thisTurn = Promise.resolve();

/**
 * Runs after each other, when the trigger, the retry backoff or an operator says so. Runs never overlap, because there is
 * one bout at a time and it awaits each of them.
 *
 * While nothing is to be done the loop rests, and then there is nothing of it but a timer: no promise, no function that
 * waits. Ten thousand idle workers are ten thousand timers.
 */
export class TriggeredRunLoop implements RunLoop {
  private open = true;
  private paused = false;
  private readonly requests: RunRequests;
  private schedule: Schedule;
  /** Runs under way, one after the other; undefined while the loop rests. */
  private bout: Promise<void> | undefined;
  /** Ends the rest, where something but an operator can. */
  private timer: Timer | undefined;
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

  constructor(private readonly parts: RunLoopParts) {
    const { clock, executor, options, schedule } = parts;
    const { trigger, until } = options;
    const nowMs = clock.monotonic();
    this.isOnce = trigger.kind === 'once';
    this.mostRuns = until.runs ?? Infinity;
    this.mostIdleRuns = until.idleRuns ?? Infinity;
    this.untilMs = nowMs + (until.durationMs ?? Infinity);
    this.requests = new RunRequests(options.name);
    this.schedule = schedule;
    executor.standing.expect(undefined, schedule.overdueAfterMs);
    const waitMs = this.remainingMs(nowMs);
    // Whoever owns a long-lived loop lets others run before it calls foreign code: the synchronous part of one worker's
    // first run must not hold up another worker's start.
    if (waitMs > 0) this.rest(waitMs, nowMs);
    else this.begin(clock.yield());
  }

  async stop(force = false): Promise<void> {
    this.close();
    if (force) {
      const { executor, options } = this.parts;
      executor.current?.abort(new PlbaError('RUN_ABORTED', `worker "${options.name}" stops and its run must end`));
    }
    await this.bout;
    this.parts.owner.stopped();
  }

  pause(): void {
    this.paused = true;
    this.wake();
  }

  resume(): void {
    this.paused = false;
    this.wake();
  }

  runNow(): Promise<RunRecord> {
    const record = this.requests.add();
    this.wake();
    return record;
  }

  /** Other times count from now on. A try that is due after a setback stays due. */
  follow(schedule: Schedule): void {
    this.schedule = schedule;
    this.wake();
  }

  nextRun(): Date | undefined {
    const { clock, executor } = this.parts;
    if (!this.open || executor.current !== undefined) return undefined;
    const remainingMs = this.remainingMs(clock.monotonic());
    if (!Number.isFinite(remainingMs)) return undefined;
    const plannedForMs = this.retryMs === undefined ? this.schedule.plannedForMs?.() : undefined;
    const wallMs = clock.now();
    return new Date(Math.max(wallMs, plannedForMs ?? wallMs + remainingMs));
  }

  /** Ends the rest: something has changed, or the time has come. */
  private wake(): void {
    if (!this.open || this.bout !== undefined) return;
    if (this.parts.clock.monotonic() >= this.untilMs) this.complete();
    else this.begin(thisTurn);
  }

  private begin(ready: Promise<void>): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.bout = this.run(ready).catch((error: unknown) => {
      this.fail('failed', error);
    });
  }

  /** Runs for as long as there is something to run. */
  private async run(ready: Promise<void>): Promise<void> {
    const { clock, executor, work, classify } = this.parts;
    await ready;
    let nowMs = this.lookAround();
    while (this.open) {
      const waitMs = this.requests.waiting ? 0 : this.remainingMs(nowMs);
      if (waitMs > 0) {
        this.bout = undefined;
        this.rest(waitMs, nowMs);
        return;
      }
      const run = this.beginRun(this.requests.waiting, nowMs);
      const asked = this.requests.take();
      let outcome: Outcome;
      try {
        outcome = outcomeOf(await executor.invoke(work, run));
      } catch (thrown) {
        outcome = outcomeOfThrow(thrown, classify);
      }
      // The time at which a run ends is also the time at which the next one begins: one look at the clock for both.
      nowMs = clock.monotonic();
      try {
        this.goOnAfter(executor.end(run, outcome, nowMs), nowMs);
        asked?.answer(run.toRecord());
      } catch (error) {
        asked?.refuse(error);
        throw error;
      }
      if (nowMs > this.yieldAfterMs || this.runs >= this.yieldAfterRuns) nowMs = await this.stepAside();
    }
  }

  private beginRun(isAsked: boolean, nowMs: number): Run {
    const { schedule } = this;
    const { executor, options } = this.parts;
    const isRetry = this.retryMs !== undefined;
    this.retryMs = undefined;
    if (isAsked) return executor.begin('operator', undefined, nowMs, this.requests.links());
    const scheduledForMs = schedule.begin(nowMs);
    return executor.begin(options.trigger.kind, isRetry ? undefined : scheduledForMs, nowMs);
  }

  /** What comes after an outcome: the end, another try, or the next run on schedule. */
  private goOnAfter(outcome: Outcome, nowMs: number): void {
    this.schedule.ended(outcome, nowMs);
    if (outcome.kind === 'fatal') {
      this.fail('fatal', outcome.error);
      return;
    }
    const { executor, options, random } = this.parts;
    const delayMs = nextTryMs(outcome, options.retry, executor.standing.setbacks, random);
    this.retryMs = delayMs === undefined ? undefined : nowMs + delayMs;
    this.runs++;
    this.idleRuns = outcome.kind === 'idle' ? this.idleRuns + 1 : 0;
    if (this.isEnough(nowMs)) this.complete();
  }

  private isEnough(nowMs: number): boolean {
    if (this.runs >= this.mostRuns || this.idleRuns >= this.mostIdleRuns || nowMs >= this.untilMs) return true;
    return this.isOnce && this.retryMs === undefined;
  }

  /** Milliseconds until the next run that nobody has to ask for. */
  private remainingMs(nowMs: number): number {
    if (this.paused || this.parts.manual) return Infinity;
    return this.retryMs === undefined ? this.schedule.remainingMs(nowMs) : this.retryMs - nowMs;
  }

  /** Waits for the time to come, or for something to change. It may be shorter than what remains: the next bout looks again. */
  private rest(waitMs: number, nowMs: number): void {
    const { clock, executor } = this.parts;
    // Who is held by somebody else than an operator has no next run, and that must be seen.
    executor.standing.expect(this.paused ? undefined : nowMs + waitMs, this.schedule.overdueAfterMs);
    const timerMs = Math.min(waitMs, this.untilMs - nowMs);
    if (timerMs === Infinity) return;
    this.timer = clock.setTimer(Math.min(timerMs, this.schedule.longestWaitMs ?? Infinity), () => {
      this.wake();
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
    this.parts.owner.complete();
  }

  private fail(end: 'fatal' | 'failed', error: unknown): void {
    this.close();
    this.parts.owner.end(end, error);
  }

  private close(): void {
    this.open = false;
    this.timer?.cancel();
    this.timer = undefined;
    this.requests.close();
  }
}
