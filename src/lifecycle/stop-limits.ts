import type { StopCause } from './exit-code.js';

/** How long a stop may take, in milliseconds. Each limit is shorter than the one around it, so that the culprit is named. */
export interface StopLimits {
  /** Between not ready and the first order to stop, so that load balancers notice. */
  readonly delayMs: number;
  /** The workers, all together, counted from the end of the delay. */
  readonly workersMs: number;
  /** Everything, counted likewise: workers, outer parts, the log. */
  readonly totalMs: number;
  /** Whoever is still there then is ended from outside; counted from the order to stop. */
  readonly processMs: number;
}

/** A process that is broken has so long to save what it can. */
const longestAfterFatalMs = 5_000;
/** What is kept for the outer parts and the log: a tenth, and never more than this. */
const longestReserveMs = 1_000;
/** What the process may take to end by itself once everything is over. */
const exitMs = 250;

/** The limits of a stop for `cause`. After a fatal process error there is a short budget, and nobody waits to be noticed. */
export function stopLimits(
  cause: StopCause,
  shutdown: { readonly timeoutMs: number; readonly delayMs: number },
): StopLimits {
  const isFatal = cause.kind === 'process-error';
  const totalMs = isFatal ? Math.min(shutdown.timeoutMs, longestAfterFatalMs) : shutdown.timeoutMs;
  const delayMs = cause.kind === 'asked' ? shutdown.delayMs : 0;
  return {
    delayMs,
    workersMs: totalMs - Math.min(longestReserveMs, totalMs / 10),
    totalMs,
    processMs: delayMs + totalMs + exitMs,
  };
}
