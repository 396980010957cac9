import type { PlannedWorker } from '../application/blueprint.js';
import type { Trigger } from '../contracts/trigger.js';
import { formatDuration } from '../time/duration.js';
import { compileCron, type CronFires } from '../worker/cron-fires.js';
import { clockText, LocalTime, nextClockChange } from './clock-changes.js';

/** A time at which a worker is due. */
export interface Fire {
  readonly at: Date;
  /** What clock and calendar of the time zone show then. */
  readonly local: string;
  /** The clocks have been changed since the fire before. */
  readonly note?: string;
}

/** When a worker is due next. */
export interface PlannedFires {
  readonly worker: string;
  /** Absent for a worker that decides by itself when to run. */
  readonly trigger?: Trigger;
  readonly timezone: string;
  readonly fires: readonly Fire[];
  /** The last fire before the next change of the clocks, and the first two after it. */
  readonly aroundClockChange: readonly Fire[];
  /** What the times alone do not say. */
  readonly note?: string;
}

/** The next `count` fires of a worker after an instant. Those of `every` are counted from it, as if it were the start. */
export async function planFires(
  { name, trigger, enabled }: PlannedWorker,
  fromMs: number,
  count: number,
): Promise<PlannedFires> {
  const plan = { worker: name, ...(trigger && { trigger }), timezone: 'UTC', fires: [], aroundClockChange: [] };
  if (trigger === undefined) return { ...plan, note: 'it decides by itself when to run' };
  if (!enabled) return { ...plan, note: 'disabled by configuration' };
  if (trigger.kind === 'once') return { ...plan, note: 'at the start, as soon as what it needs is ready' };
  if (trigger.kind === 'continuously') {
    const pause = `${formatDuration(trigger.idleMs)} after one that found nothing to do`;
    return { ...plan, note: `run after run; ${pause}` };
  }
  if (trigger.kind === 'every') {
    const { periodMs, jitter, immediately } = trigger;
    const times = Array.from({ length: count }, (_, index) => fromMs + (index + (immediately ? 0 : 1)) * periodMs);
    const later = jitter === 0 ? '' : `, each up to ${formatDuration(Math.round(jitter * periodMs))} later`;
    return { ...plan, fires: described(times, 'UTC'), note: `counted from the start${later}` };
  }
  const { timezone } = trigger;
  const calendar = await compileCron(trigger, `worker "${name}"`);
  const fires = described(take(calendar, fromMs, count), timezone);
  return { ...plan, timezone, fires, aroundClockChange: aroundClockChange(calendar, timezone, fromMs) };
}

function aroundClockChange(calendar: CronFires, timezone: string, fromMs: number): Fire[] {
  const change = nextClockChange(timezone, fromMs);
  if (change === undefined) return [];
  const last = lastBefore(calendar, change.atMs);
  const times = [...(last === undefined ? [] : [last]), ...take(calendar, change.atMs - 1, 2)];
  return described(times, timezone);
}

const lookBacksMs = [1, 60, 24 * 60, 7 * 24 * 60, 31 * 24 * 60, 366 * 24 * 60].map((minutes) => minutes * 60_000);

function lastBefore(calendar: CronFires, endMs: number): number | undefined {
  for (const lookBackMs of lookBacksMs) {
    let last: number | undefined;
    for (let at = calendar.after(endMs - lookBackMs); at !== undefined && at < endMs; at = calendar.after(at))
      last = at;
    if (last !== undefined) return last;
  }
  return undefined;
}

function take(calendar: CronFires, afterMs: number, count: number): number[] {
  const times: number[] = [];
  for (let at = calendar.after(afterMs); at !== undefined && times.length < count; at = calendar.after(at))
    times.push(at);
  return times;
}

function described(times: readonly number[], timezone: string): Fire[] {
  const local = new LocalTime(timezone);
  return times.map((atMs, index) => {
    const fire = { at: new Date(atMs), local: local.text(atMs) };
    const before = times[index - 1];
    if (before === undefined || local.offsetMinutes(before) === local.offsetMinutes(atMs)) return fire;
    const change = nextClockChange(timezone, before);
    if (change === undefined) return fire;
    const { atMs: changeMs, beforeMinutes, afterMinutes } = change;
    const note = `clocks went from ${clockText(changeMs, beforeMinutes)} to ${clockText(changeMs, afterMinutes)}`;
    return { ...fire, note };
  });
}
