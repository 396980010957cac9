import type { Duration } from '../contracts/duration.js';
import type { CronMissed, CronOverlap, Trigger } from '../contracts/trigger.js';
import { PlbaError } from '../errors.js';
import { parseDuration } from '../time/duration.js';

/** What is wrong with a trigger that somebody has made. */
const flaws = new WeakMap<Trigger, PlbaError>();

/**
 * What is wrong stays with the trigger until {@link checkTrigger}: whoever makes one in a decorator is not known yet, and an
 * error that names no worker helps nobody.
 */
function made(make: () => Trigger): Trigger {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof PlbaError)) throw error;
    const flawed: Trigger = { kind: 'once' };
    flaws.set(flawed, error);
    return flawed;
  }
}

const kinds: ReadonlySet<unknown> = new Set<Trigger['kind']>(['once', 'continuously', 'every', 'cron']);

/**
 * Refuses what is no trigger, and one that was made with options that cannot be meant.
 * @param what the option it stands in: `option "trigger" of worker "ledger"`
 * @throws PlbaError `TRIGGER_INVALID`, `DURATION_INVALID`
 */
export function checkTrigger(trigger: Trigger, what: string): Trigger {
  if (!kinds.has((trigger as Partial<Trigger> | null)?.kind)) {
    throw new PlbaError('TRIGGER_INVALID', `${what} is no trigger`, {
      hint: 'make one with once(), continuously(), every() or cron()',
    });
  }
  const flaw = flaws.get(trigger);
  if (flaw === undefined) return trigger;
  const hint = flaw.hint === undefined ? {} : { hint: flaw.hint };
  throw new PlbaError(flaw.code, `${what}: ${flaw.message}`, { ...hint, cause: flaw });
}

/** One successful run, then the worker is `completed`. A `blocked` or `failed` run is tried again after `retry`. */
export function once(): Trigger {
  return { kind: 'once' };
}

/**
 * Run after run without a pause.
 * @param options `idle`: how long to wait after a run that found nothing to do. Default `'1s'`.
 */
export function continuously(options: { readonly idle?: Duration } = {}): Trigger {
  return made(() => ({ kind: 'continuously', idleMs: parseDuration(options.idle ?? '1s', 'continuously({ idle })') }));
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
  return made(() => {
    const periodMs = parseDuration(period, 'every(period)');
    if (periodMs === 0) throw invalid('every(0) would never pause', 'use continuously()');
    const { jitter = 0, immediately = false } = options;
    if (!(jitter >= 0 && jitter <= 1)) {
      throw invalid(`every({ jitter: ${jitter} })`, 'give a part of the period, 0 to 1');
    }
    return { kind: 'every', periodMs, jitter, immediately };
  });
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
  return made(() => {
    const { timezone = 'UTC', overlap = 'skip', missed = 'skip' } = options;
    oneOf<CronOverlap>('overlap', overlap, ['skip', 'queue-one']);
    oneOf<CronMissed>('missed', missed, ['skip', 'run-once']);
    return { kind: 'cron', expression, timezone, overlap, missed };
  });
}

// The type says so already, but configuration and JavaScript do not.
function oneOf<T extends string>(option: string, value: T, known: readonly T[]): void {
  if (known.includes(value)) return;
  throw invalid(`cron({ ${option}: ${JSON.stringify(value)} })`, known.map((word) => `'${word}'`).join(' or '));
}

function invalid(what: string, hint: string): PlbaError {
  return new PlbaError('TRIGGER_INVALID', `a trigger is not valid: ${what}`, { hint });
}
