import type { DurationUnit } from '../contracts/duration.js';
import { PlbaError } from '../errors.js';

/** The longest wait in milliseconds, 2^31-1: 24.8 days. What a timer of Node.js can count. */
export const LONGEST_DURATION_MS = 2 ** 31 - 1;

const MS_PER_UNIT: Readonly<Record<DurationUnit, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const WRITTEN = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;

/**
 * A written `Duration` in milliseconds: from a number of milliseconds or a number with its unit: `'250ms'`, `'1.5s'`, `'5m'`, `'2h'`.
 *
 * @param value what was written; anything is looked at, so that unchecked input can be handed over as it is
 * @param what the option or setting it stands in, as the reader of the error knows it
 * @throws PlbaError `DURATION_INVALID` when it is not a duration, negative, or longer than {@link LONGEST_DURATION_MS}
 */
export function parseDuration(value: number | string, what: string): number {
  const ms = typeof value === 'number' ? value : parseWritten(value);
  // Written so that NaN fails.
  if (ms !== undefined && ms >= 0 && ms <= LONGEST_DURATION_MS) return ms;
  throw new PlbaError('DURATION_INVALID', `${what} is not a duration: ${describe(value)}`, {
    hint:
      'a duration is a number of milliseconds, or a number with one of the units ms, s, m, h such as "250ms", "30s", "5m", ' +
      `"2h"; at least 0 and at most ${LONGEST_DURATION_MS} ms (24.8 days)`,
  });
}

/**
 * A length of time for people: `'250ms'`, `'4.2s'`, `'14m'`, `'2h 5m'`, `'3d 4h'`. Rounded to what is shown.
 * Days occur only here: they are no unit of a written duration.
 *
 * @param ms finite; negative ones are shown as `'0ms'`
 */
export function formatDuration(ms: number): string {
  const wholeMs = Math.round(Math.max(ms, 0));
  if (wholeMs < 1_000) return `${wholeMs}ms`;
  const tenthsOfSecond = Math.round(ms / 100);
  if (tenthsOfSecond < 600) return `${tenthsOfSecond / 10}s`;
  const seconds = Math.round(ms / MS_PER_UNIT.s);
  if (seconds < 3_600) return twoUnits(seconds, 60, 'm', 's');
  const minutes = Math.round(ms / MS_PER_UNIT.m);
  if (minutes < 1_440) return twoUnits(minutes, 60, 'h', 'm');
  return twoUnits(Math.round(ms / MS_PER_UNIT.h), 24, 'd', 'h');
}

function twoUnits(small: number, smallPerLarge: number, largeUnit: string, smallUnit: string): string {
  const large = Math.floor(small / smallPerLarge);
  const rest = small % smallPerLarge;
  return rest === 0 ? `${large}${largeUnit}` : `${large}${largeUnit} ${rest}${smallUnit}`;
}

function parseWritten(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const [, amount, unit] = WRITTEN.exec(value) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  // Whole microseconds: otherwise '1.001s' would be 1000.9999999999999 ms.
  return Math.round(Number(amount) * MS_PER_UNIT[unit as DurationUnit] * 1_000) / 1_000;
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined) {
    return String(value);
  }
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`;
}
