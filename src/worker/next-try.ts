import type { Outcome } from '../contracts/outcome.js';
import type { Backoff } from '../contracts/worker-options.js';
import { backoffDelayMs } from '../time/backoff.js';

/**
 * How long after a run, in milliseconds, the next one comes because of how it ended; undefined when its end asks for none, and the
 * trigger alone says when.
 * @param setbacks `blocked` and `failed` runs in a row, up to this one
 * @param random 0 to 1, for jitter
 */
export function nextTryMs(
  outcome: Outcome,
  retry: Backoff,
  setbacks: number,
  random: () => number,
): number | undefined {
  switch (outcome.kind) {
    case 'worked':
      return outcome.more === true ? 0 : undefined;
    case 'blocked':
      return outcome.retryInMs ?? backoffDelayMs(retry, setbacks, random);
    case 'failed':
      return backoffDelayMs(retry, setbacks, random);
    default:
      return undefined;
  }
}
