import { PlbaError } from '../errors.js';
import { formatDuration } from '../time/duration.js';

/** `start()` of a worker threw. */
export function startFailed(worker: string, module: string, cause: unknown): PlbaError {
  return new PlbaError('WORKER_START_FAILED', `worker "${worker}" of module "${module}" did not start`, { cause });
}

/** `start()` of a worker has not returned for as long as it may take. */
export function startTimedOut(worker: string, limitMs: number): PlbaError {
  return new PlbaError(
    'START_TIMED_OUT',
    `worker "${worker}" was not ready after ${formatDuration(limitMs)}: its start() has not returned`,
    { hint: 'let start() end when context.signal aborts, or raise plba.start.timeout' },
  );
}

/** A worker was told to stop before it was up. */
export function startBrokenOff(worker: string): PlbaError {
  return new PlbaError('START_ABORTED', `worker "${worker}" was stopped while it started`);
}
