import type { ExitCode, WorkerStopReport } from '../contracts/stop-report.js';

/** Why an application stops. */
export type StopCause =
  | { readonly kind: 'asked'; readonly reason: string }
  | { readonly kind: 'all-ended'; readonly anyFailed: boolean }
  | { readonly kind: 'start-failed'; readonly error: unknown }
  | { readonly kind: 'worker-lost'; readonly worker: string; readonly error: unknown }
  | { readonly kind: 'process-error'; readonly error: unknown };

/** The cause in words, for the stop report. */
export function describeCause(cause: StopCause): string {
  switch (cause.kind) {
    case 'asked':
      return cause.reason;
    case 'all-ended':
      return cause.anyFailed ? 'all workers ended, not all of them well' : 'all workers completed';
    case 'start-failed':
      return 'the start failed';
    case 'worker-lost':
      return `worker "${cause.worker}" is lost`;
    case 'process-error':
      return 'a fatal process error';
  }
}

/**
 * The exit code of an application. Something abandoned comes before everything but a failed start, because whatever was
 * abandoned may have been cut off in the middle.
 * @param hadProcessError whether there was a fatal process error while it stopped
 */
export function exitCodeFor(cause: StopCause, workers: readonly WorkerStopReport[], hadProcessError = false): ExitCode {
  if (cause.kind === 'start-failed') return 1;
  if (workers.some(({ result }) => result === 'abandoned')) return 4;
  if (cause.kind === 'worker-lost' || cause.kind === 'process-error' || hadProcessError) return 3;
  if (cause.kind === 'all-ended' && cause.anyFailed) return 3;
  return 0;
}
