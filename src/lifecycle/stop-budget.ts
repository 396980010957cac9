import { PlbaError } from '../errors.js';
import { formatDuration } from '../time/duration.js';

/**
 * What the application takes to stop must fit into what the platform that runs it grants, or the process is killed in the
 * middle of it.
 * @throws `STOP_BUDGET_EXCEEDS_GRACE`
 */
export function checkStopBudget(shutdown: {
  readonly timeoutMs: number;
  readonly delayMs: number;
  readonly graceMs: number;
}): void {
  const { timeoutMs, delayMs, graceMs } = shutdown;
  if (timeoutMs + delayMs <= graceMs) return;
  throw new PlbaError(
    'STOP_BUDGET_EXCEEDS_GRACE',
    `plba.shutdown.delay (${formatDuration(delayMs)}) and plba.shutdown.timeout (${formatDuration(timeoutMs)}) are longer than plba.shutdown.grace (${formatDuration(graceMs)})`,
    { hint: 'shorten one of them, or raise the grace period here and in whatever runs the process' },
  );
}
