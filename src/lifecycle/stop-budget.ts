import { PlbaError } from '../errors.js';
import { formatDuration } from '../time/duration.js';
import { longestChain, type Needy } from './needs.js';

/** How long each rung of the stop ladder may take, in milliseconds. */
export interface StopBudget {
  readonly drainMs: number;
  readonly abortMs: number;
}

/** A budget within what is left of the global deadline: draining gives way first, so that there is time to abort. */
export function clipBudget({ drainMs, abortMs }: StopBudget, remainingMs: number): StopBudget {
  const clippedAbortMs = Math.max(0, Math.min(abortMs, remainingMs));
  return { drainMs: Math.max(0, Math.min(drainMs, remainingMs - clippedAbortMs)), abortMs: clippedAbortMs };
}

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

/** Those who stop one after the other and may together take longer than `timeoutMs`; undefined when nobody does. */
export function findTightChain(
  members: readonly (Needy & { readonly budget: StopBudget })[],
  timeoutMs: number,
): { readonly names: readonly string[]; readonly totalMs: number } | undefined {
  const chain = longestChain(members, ({ budget }) => budget.drainMs + budget.abortMs);
  return chain.totalMs > timeoutMs ? chain : undefined;
}
