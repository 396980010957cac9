import type { Outcome } from '../contracts/outcome.js';
import { summarizeError } from '../plain/error-summary.js';
import type { Run } from './run.js';

/** Writes how a run ended: successes at debug, what somebody should look at above it. */
export function logOutcome(run: Run, outcome: Outcome, endedMs: number): void {
  const durationMs = Math.round(endedMs - run.startedMs);
  switch (outcome.kind) {
    case 'worked':
    case 'idle':
      run.log.debug({ durationMs, ...outcome }, `run ${outcome.kind}`);
      return;
    case 'partial':
      run.log.warn({ durationMs, ...outcome }, `run partial: ${outcome.reason}`);
      return;
    case 'blocked':
      run.log.warn({ durationMs, attempt: run.attempt }, `run blocked: ${outcome.reason}`);
      return;
    case 'failed':
    case 'fatal':
      run.log.error(
        { durationMs, attempt: run.attempt, err: outcome.error },
        `run ${outcome.kind}: ${summarizeError(outcome.error).message}`,
      );
  }
}
