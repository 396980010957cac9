import type { Clock } from '../contracts/clock.js';
import type { Outcome } from '../contracts/outcome.js';
import type { Trigger } from '../contracts/trigger.js';
import type { CronFires } from './cron-fires.js';

/**
 * When a trigger wants the next run. The run loop asks and tells it the monotonic time; nothing here waits or runs anything.
 */
export interface Schedule {
  /** How late a run may begin before the worker counts as overdue. */
  readonly overdueAfterMs: number;
  /** The longest wait after which it has to be asked anew. Default: it does not matter how long. */
  readonly longestWaitMs?: number;
  /** Milliseconds until the next run is due: 0 or less when it is due now, Infinity when there is none any more. */
  remainingMs(nowMs: number): number;
  /** The wall-clock time of the next run, where a calendar says it: what remains until then is another thing each time. */
  plannedForMs?(): number | undefined;
  /**
   * A run begins that the trigger made happen: the due one, another try, or one more after `more: true`. Answers the
   * wall-clock time that the due one was scheduled for; undefined for a trigger without a schedule.
   */
  begin(nowMs: number): number | undefined;
  /** A run ended, whoever asked for it. */
  ended(outcome: Outcome, nowMs: number): void;
}

/** Makes the schedule of a trigger, beginning now. `fires` is the compiled expression of a `cron` trigger. */
export function createSchedule(
  trigger: Trigger,
  clock: Clock,
  random: () => number,
  fires: CronFires | undefined,
): Schedule {
  switch (trigger.kind) {
    case 'once':
      return new StraightOn(0);
    case 'continuously':
      return new StraightOn(trigger.idleMs);
    case 'every':
      return new Periodic(trigger, clock, random);
    case 'cron':
      if (fires === undefined) throw new TypeError('a cron trigger needs its compiled expression');
      return new Calendar(trigger, clock, fires);
  }
}

// A short period must not make a worker overdue because of a busy moment, nor a long one hide for hours that nothing runs.
const overdueFloorMs = 5_000;
const overdueCeilingMs = 60_000;

/** Run after run; a pause only when there was nothing to do. */
class StraightOn implements Schedule {
  readonly overdueAfterMs: number;
  /** The end of a pause; undefined while there is none. */
  private pausedUntilMs: number | undefined;

  constructor(private readonly idleMs: number) {
    this.overdueAfterMs = overdueFloorMs;
  }

  remainingMs(nowMs: number): number {
    return this.pausedUntilMs === undefined ? 0 : this.pausedUntilMs - nowMs;
  }

  begin(): undefined {
    this.pausedUntilMs = undefined;
  }

  ended(outcome: Outcome, nowMs: number): void {
    const gotNowhere = outcome.kind === 'idle' || (outcome.kind === 'partial' && outcome.done === 0);
    if (gotNowhere) this.pausedUntilMs = nowMs + this.idleMs;
  }
}

/** Fixed times a period apart, counted from the start: a late or long run shifts none of the later ones. */
class Periodic implements Schedule {
  readonly overdueAfterMs: number;
  private readonly originMs: number;
  private slot: number;
  private delayMs: number;

  constructor(
    private readonly trigger: Trigger & { kind: 'every' },
    private readonly clock: Clock,
    private readonly random: () => number,
  ) {
    this.originMs = clock.monotonic();
    this.slot = trigger.immediately ? 0 : 1;
    this.delayMs = trigger.immediately ? 0 : this.jitterMs();
    this.overdueAfterMs = Math.min(Math.max(trigger.periodMs / 2, overdueFloorMs), overdueCeilingMs);
  }

  remainingMs(nowMs: number): number {
    return this.originMs + this.slot * this.trigger.periodMs + this.delayMs - nowMs;
  }

  begin(nowMs: number): number {
    const scheduledForMs = this.clock.now() + this.remainingMs(nowMs);
    this.skipPast(nowMs);
    return scheduledForMs;
  }

  ended(_outcome: Outcome, nowMs: number): void {
    this.skipPast(nowMs);
  }

  // Times that a run covered are skipped, never made up for.
  private skipPast(nowMs: number): void {
    if (this.remainingMs(nowMs) > 0) return;
    this.slot = Math.floor((nowMs - this.originMs) / this.trigger.periodMs) + 1;
    this.delayMs = this.jitterMs();
  }

  private jitterMs(): number {
    return this.trigger.jitter === 0 ? 0 : this.random() * this.trigger.jitter * this.trigger.periodMs;
  }
}

/** Later than this, a fire was missed: nobody was there for it. Earlier, it is only late. */
const missedAfterMs = 60_000;

/** The calendar's times, on the wall clock. */
class Calendar implements Schedule {
  readonly overdueAfterMs = missedAfterMs;
  /** The wall clock can be set, and a machine can be suspended. */
  readonly longestWaitMs = 300_000;
  /** The fire that is waited for; undefined when the expression has none any more. */
  private fireMs: number | undefined;
  /** The fire fell into a run and has its own run behind it, however late that is. */
  private isQueued = false;

  constructor(
    private readonly trigger: Trigger & { kind: 'cron' },
    private readonly clock: Clock,
    private readonly fires: CronFires,
  ) {
    this.fireMs = fires.after(clock.now());
  }

  remainingMs(): number {
    const nowMs = this.clock.now();
    const isMissed = this.fireMs !== undefined && nowMs - this.fireMs > missedAfterMs;
    if (isMissed && !this.isQueued && this.trigger.missed === 'skip') this.fireMs = this.fires.after(nowMs);
    return this.fireMs === undefined ? Infinity : this.fireMs - nowMs;
  }

  plannedForMs(): number | undefined {
    return this.fireMs;
  }

  begin(): number | undefined {
    const scheduledForMs = this.fireMs;
    this.isQueued = false;
    if (this.hasPassed()) this.fireMs = this.fires.after(this.clock.now());
    return scheduledForMs;
  }

  ended(): void {
    if (!this.hasPassed()) return;
    if (this.trigger.overlap === 'queue-one') this.isQueued = true;
    else this.fireMs = this.fires.after(this.clock.now());
  }

  private hasPassed(): boolean {
    return this.fireMs !== undefined && this.fireMs <= this.clock.now();
  }
}
