import type { Duration } from '../contracts/duration.js';
import type { CronMissed, CronOverlap, Trigger } from '../contracts/trigger.js';
import { PlbaError } from '../errors.js';
import { parseDuration } from '../time/duration.js';

/** One successful run, then the worker is `completed`. A `blocked` or `failed` run is tried again after `retry`. */
export function once(): Trigger {
  return { kind: 'once' };
}

/**
 * Run after run without a pause.
 * @param options `idle`: how long to wait after a run that found nothing to do. Default `'1s'`.
 */
export function continuously(options: { readonly idle?: Duration } = {}): Trigger {
  return { kind: 'continuously', idleMs: parseDuration(options.idle ?? '1s', 'continuously({ idle })') };
}

/**
 * At fixed times, a `period` apart, counted from the start of the worker. A run that takes longer than the period skips
 * the times it covered; runs never overlap and never pile up.
 * @param options `jitter`: each run comes later by a random part of the period, 0 to 1 (default 0), so that many
 *   instances do not call a partner in the same second. `immediately`: the first run comes at the start of the worker
 *   instead of one period later (default false).
 */
export function every(
  period: Duration,
  options: { readonly jitter?: number; readonly immediately?: boolean } = {},
): Trigger {
  const periodMs = parseDuration(period, 'every(period)');
  if (periodMs === 0) throw invalid('every(0) would never pause', 'use continuously()');
  const jitter = options.jitter ?? 0;
  if (!(jitter >= 0 && jitter <= 1)) throw invalid(`every({ jitter: ${jitter} })`, 'give a part of the period, 0 to 1');
  return { kind: 'every', periodMs, jitter, immediately: options.immediately ?? false };
}

/**
 * By the calendar: five fields (minute, hour, day of month, month, day of week), or six with seconds first.
 * The expression and the time zone are checked before anything starts (`TRIGGER_INVALID`).
 * @param options `timezone`: an IANA name (default `'UTC'`: the same on every machine). `overlap`: what happens to a fire
 *   that falls into a run in progress (default `'skip'`). `missed`: what happens to a fire that nobody was there for
 *   (default `'skip'`); a fire that is less than a minute late is late, not missed.
 */
export function cron(
  expression: string,
  options: { readonly timezone?: string; readonly overlap?: CronOverlap; readonly missed?: CronMissed } = {},
): Trigger {
  const { timezone = 'UTC', overlap = 'skip', missed = 'skip' } = options;
  oneOf<CronOverlap>('overlap', overlap, ['skip', 'queue-one']);
  oneOf<CronMissed>('missed', missed, ['skip', 'run-once']);
  return { kind: 'cron', expression, timezone, overlap, missed };
}

// The type says so already, but configuration and JavaScript do not.
function oneOf<T extends string>(option: string, value: T, known: readonly T[]): void {
  if (known.includes(value)) return;
  throw invalid(`cron({ ${option}: ${JSON.stringify(value)} })`, known.map((word) => `'${word}'`).join(' or '));
}

function invalid(what: string, hint: string): PlbaError {
  return new PlbaError('TRIGGER_INVALID', `a trigger is not valid: ${what}`, { hint });
}
