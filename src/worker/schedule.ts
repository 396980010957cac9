import type { Clock } from '../contracts/clock.js';
import type { Outcome } from '../contracts/outcome.js';
import type { Trigger } from '../contracts/trigger.js';
import type { CronFires } from './cron-fires.js';

/** When a trigger wants the next run. The run loop asks; nothing here waits or runs anything. */
export interface Schedule {
  /** Milliseconds until the next run is due: 0 or less when it is due now, Infinity when only an operator makes one happen. */
  remainingMs(): number;
  /** Wall-clock time that the next run is scheduled for; undefined for a trigger without a schedule. */
  scheduledForMs(): number | undefined;
  /** How late a run may begin before the worker counts as overdue. */
  readonly overdueAfterMs: number;
  /** The trigger's run begins. */
  began(): void;
  /** A run ended, whoever asked for it. */
  ended(outcome: Outcome): void;
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
    case 'continuously':
      return new StraightOn(trigger.kind === 'once' ? 0 : trigger.idleMs, clock);
    case 'every':
      return new Periodic(trigger, clock, random);
    case 'cron':
      if (fires === undefined) throw new TypeError('a cron trigger needs its compiled expression');
      return new Calendar(trigger, clock, fires);
  }
}

const overdueFloorMs = 5_000;

/** Run after run; a pause only when there was nothing to do. */
class StraightOn implements Schedule {
  readonly overdueAfterMs: number;
  private pausedUntilMs = -Infinity;

  constructor(
    private readonly idleMs: number,
    private readonly clock: Clock,
  ) {
    this.overdueAfterMs = Math.max(idleMs, overdueFloorMs);
  }

  remainingMs(): number {
    return this.pausedUntilMs === -Infinity ? 0 : this.pausedUntilMs - this.clock.monotonic();
  }

  scheduledForMs(): undefined {
    return undefined;
  }

  began(): void {
    this.pausedUntilMs = -Infinity;
  }

  ended(outcome: Outcome): void {
    const gotNowhere = outcome.kind === 'idle' || (outcome.kind === 'partial' && outcome.done === 0);
    if (gotNowhere) this.pausedUntilMs = this.clock.monotonic() + this.idleMs;
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
    this.overdueAfterMs = Math.max(trigger.periodMs, overdueFloorMs);
  }

  remainingMs(): number {
    return this.originMs + this.slot * this.trigger.periodMs + this.delayMs - this.clock.monotonic();
  }

  scheduledForMs(): number {
    return this.clock.now() + this.remainingMs();
  }

  began(): void {
    this.moveOn();
  }

  ended(): void {
    this.moveOn();
  }

  // Times that a run covered are skipped, never made up for.
  private moveOn(): void {
    const passed = Math.floor((this.clock.monotonic() - this.originMs) / this.trigger.periodMs);
    if (this.slot > passed) return;
    this.slot = passed + 1;
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
  /** The fire that is waited for; undefined when the expression has none any more. */
  private fireMs: number | undefined;
  private running = false;

  constructor(
    private readonly trigger: Trigger & { kind: 'cron' },
    private readonly clock: Clock,
    private readonly fires: CronFires,
  ) {
    this.fireMs = fires.after(clock.now());
  }

  remainingMs(): number {
    const nowMs = this.clock.now();
    if (!this.running && this.trigger.missed === 'skip') this.skipMissed(nowMs);
    return this.fireMs === undefined ? Infinity : this.fireMs - nowMs;
  }

  scheduledForMs(): number | undefined {
    return this.fireMs;
  }

  began(): void {
    this.running = true;
    this.fireMs = this.fires.after(Math.max(this.clock.now(), this.fireMs ?? 0));
  }

  // A fire that has passed meanwhile fell into the run.
  ended(): void {
    this.running = false;
    const nowMs = this.clock.now();
    const overlapped = this.fireMs !== undefined && this.fireMs <= nowMs;
    if (overlapped && this.trigger.overlap === 'skip') this.fireMs = this.fires.after(nowMs);
  }

  private skipMissed(nowMs: number): void {
    if (this.fireMs !== undefined && nowMs - this.fireMs > missedAfterMs) this.fireMs = this.fires.after(nowMs);
  }
}
