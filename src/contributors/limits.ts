import type { Health } from '../contracts/health.js';
import { PlbaError } from '../errors.js';

/** From where on a figure is bad, and very bad. */
export interface Limits {
  readonly degraded: number;
  readonly unhealthy: number;
}

/**
 * Limits that make sense together.
 * @param direction which way the figure gets worse
 * @throws PlbaError `OPTION_INVALID` when one is negative or no number, or when unhealthy comes before degraded
 */
export function limitsOf(contributor: string, limits: Limits, direction: 'rising' | 'falling'): Limits {
  const { degraded, unhealthy } = limits;
  const isInOrder = direction === 'rising' ? degraded <= unhealthy : degraded >= unhealthy;
  // Written so that NaN fails.
  if (degraded >= 0 && unhealthy >= 0 && isInOrder) return limits;
  throw new PlbaError(
    'OPTION_INVALID',
    `the limits of health contributor "${contributor}" are ${String(degraded)} for degraded and ${String(unhealthy)} for unhealthy`,
    { hint: 'give numbers that are not negative, and let degraded come before unhealthy' },
  );
}

/** Health of a figure that is bad from a limit on. */
export function judge(
  badness: 'ok' | 'degraded' | 'unhealthy',
  reason: string,
  details: Record<string, unknown>,
): Health {
  return badness === 'ok' ? { status: 'ok', details } : { status: badness, reason, details };
}
