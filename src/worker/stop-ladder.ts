import type { Clock } from '../contracts/clock.js';
import type { Abortable } from '../time/lazy-abort.js';
import { attempt, within } from '../time/within.js';

/** How long each rung of the stop ladder may take, in milliseconds. */
export interface StopBudget {
  readonly drainMs: number;
  readonly abortMs: number;
}

/** What is done on each rung. Both are asked for an end: `drain` waits for the work in progress, `abort` gives it up. */
export interface StopRungs {
  readonly drain: () => Promise<unknown>;
  readonly abort: () => Promise<unknown>;
}

/**
 * Where on the ladder it came to rest.
 * - `drainError`: draining threw, so it was aborted
 * - `ending` settles when what was abandoned ends after all
 */
export type LadderEnd =
  | { readonly kind: 'drained' }
  | { readonly kind: 'aborted'; readonly drainError?: unknown }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'abandoned'; readonly ending: Promise<unknown> };

/**
 * Drain, then abort, then abandon. Never rejects and always ends: each rung has its budget, and a drain budget of 0 begins
 * at abort.
 * @param hurry when it aborts, draining is over at once
 */
export async function descendStopLadder(
  clock: Clock,
  rungs: StopRungs,
  budget: StopBudget,
  hurry: Abortable,
): Promise<LadderEnd> {
  let drainError: unknown;
  if (budget.drainMs > 0 && !hurry.aborted) {
    const drained = await within(clock, budget.drainMs, attempt(rungs.drain), hurry);
    if (drained?.ok === true) return { kind: 'drained' };
    drainError = drained?.error;
  }
  const ending = attempt(rungs.abort);
  const aborted = await within(clock, budget.abortMs, ending);
  if (aborted === undefined) return { kind: 'abandoned', ending };
  if (!aborted.ok) return { kind: 'failed', error: aborted.error };
  return drainError === undefined ? { kind: 'aborted' } : { kind: 'aborted', drainError };
}

/** What was thrown on the way down. */
export function errorOf(end: LadderEnd): unknown {
  if (end.kind === 'failed') return end.error;
  return end.kind === 'aborted' ? end.drainError : undefined;
}
