import type { Clock } from '../contracts/clock.js';
import type { Worker } from '../contracts/worker.js';
import { attempt, within } from '../time/within.js';

/** How long each rung of the stop ladder may take, in milliseconds. */
export interface StopBudget {
  readonly drainMs: number;
  readonly abortMs: number;
}

/** Where on the ladder a worker came to rest. `drainError`: draining threw, so it was aborted. */
export type LadderEnd =
  | { readonly kind: 'drained' | 'aborted' | 'abandoned'; readonly drainError?: unknown }
  | { readonly kind: 'failed'; readonly error: unknown };

/**
 * Drain, then abort, then abandon. Never rejects and always ends: each rung has its budget.
 * @param abortContext aborts the worker's signal
 * @param hurry when it aborts, draining is over at once
 */
export async function descendStopLadder(
  clock: Clock,
  worker: Worker,
  budget: StopBudget,
  abortContext: () => void,
  hurry: AbortSignal,
): Promise<LadderEnd> {
  let drainError: unknown;
  if (!hurry.aborted && budget.drainMs > 0) {
    const drained = await within(
      clock,
      budget.drainMs,
      attempt(() => worker.stop(false)),
      hurry,
    );
    if (drained?.ok === true) return { kind: 'drained' };
    drainError = drained?.error;
  }
  abortContext();
  const gone = await within(
    clock,
    budget.abortMs,
    attempt(() => worker.stop(true)),
  );
  if (gone === undefined) return { kind: 'abandoned' };
  if (!gone.ok) return { kind: 'failed', error: gone.error };
  return drainError === undefined ? { kind: 'aborted' } : { kind: 'aborted', drainError };
}
