import type { HealthContributorOptions } from '../contracts/health.js';
import { PlbaError } from '../errors.js';
import { parseDuration } from '../time/duration.js';
import type { Thresholds } from './thresholds.js';

/** {@link HealthContributorOptions} with everything decided but its groups. */
export interface EffectiveContributorOptions extends Thresholds {
  readonly name: string;
  readonly everyMs: number;
  readonly timeoutMs: number;
  readonly critical: boolean;
}

/**
 * What is in force for a health contributor.
 * @throws PlbaError `DURATION_INVALID`, `OPTION_INVALID`, each naming the contributor
 */
export function effectiveContributorOptions(options: HealthContributorOptions): EffectiveContributorOptions {
  const { name } = options;
  const of = (option: string): string => `${option} of health contributor "${name}"`;
  return {
    name,
    everyMs: positiveMs(options.every ?? '15s', of('every')),
    timeoutMs: positiveMs(options.timeout ?? '5s', of('timeout')),
    critical: options.critical ?? true,
    unhealthyAfter: count(options.unhealthyAfter ?? 1, of('unhealthyAfter')),
    recoverAfter: count(options.recoverAfter ?? 1, of('recoverAfter')),
  };
}

function positiveMs(duration: number | string, what: string): number {
  const ms = parseDuration(duration, what);
  if (ms > 0) return ms;
  throw new PlbaError('OPTION_INVALID', `${what} is 0`, { hint: 'a check needs a moment: use "1s" or more' });
}

function count(value: number, what: string): number {
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new PlbaError('OPTION_INVALID', `${what} is ${String(value)}`, { hint: 'give a whole number, 1 or more' });
}
