import type { Backoff, BackoffOptions } from '../contracts/worker-options.js';
import { PlbaError } from '../errors.js';
import { formatDuration, parseDuration } from './duration.js';

/** What is in force where nothing is said: 1 s, 2 s, 4 s, … up to 30 s, each up to a fifth shorter. */
export const defaultBackoff: Backoff = Object.freeze({ initialMs: 1_000, maxMs: 30_000, factor: 2, jitter: 0.2 });

/**
 * Decides what was left open. Where only one of `initial` and `max` is given and the default of the other one contradicts
 * it, the default gives way.
 *
 * @param what the option it stands in, for the error
 * @throws PlbaError `DURATION_INVALID`, or `OPTION_INVALID` for what else is out of range
 */
export function resolveBackoff(options: BackoffOptions, what: string): Backoff {
  const { initial, max, factor = defaultBackoff.factor, jitter = defaultBackoff.jitter } = options;
  const givenInitialMs = initial === undefined ? undefined : parseDuration(initial, `${what}: initial`);
  const givenMaxMs = max === undefined ? undefined : parseDuration(max, `${what}: max`);
  const maxMs = givenMaxMs ?? Math.max(defaultBackoff.maxMs, givenInitialMs ?? 0);
  const initialMs = givenInitialMs ?? Math.min(defaultBackoff.initialMs, maxMs);
  if (initialMs > maxMs) {
    throw new PlbaError(
      'OPTION_INVALID',
      `${what}: initial (${formatDuration(initialMs)}) is longer than max (${formatDuration(maxMs)})`,
    );
  }
  if (!Number.isFinite(factor) || factor < 1) {
    throw new PlbaError('OPTION_INVALID', `${what}: factor is ${String(factor)}, and must be a number of at least 1`);
  }
  if (!Number.isFinite(jitter) || jitter < 0 || jitter > 1) {
    throw new PlbaError('OPTION_INVALID', `${what}: jitter is ${String(jitter)}, and must be a number from 0 to 1`);
  }
  return { initialMs, maxMs, factor, jitter };
}

/**
 * How long to wait before trying again: `initial * factor^(attempt-1)`, at most `max`, and shortened by a random part of
 * up to `jitter`, so that those who failed together do not come back together.
 *
 * @param attempt 1 after the first failure
 * @param random gives 0 (inclusive) to 1, such as `Math.random`
 */
export function backoffDelayMs(backoff: Backoff, attempt: number, random: () => number): number {
  // 0 * Infinity is not a number.
  if (backoff.initialMs === 0) return 0;
  const waitMs = Math.min(backoff.initialMs * backoff.factor ** (attempt - 1), backoff.maxMs);
  return waitMs * (1 - backoff.jitter * random());
}
