import type { SuspectRun } from '../health/loop-watch.js';
import type { SupervisedWorker } from './supervised-worker.js';

/**
 * The runs that were in progress at some time between two times on the monotonic clock: of each worker the one that is, or
 * else the last that was.
 */
export function* runsBetween(
  workers: readonly SupervisedWorker[],
  fromMs: number,
  toMs: number,
): Generator<SuspectRun> {
  for (const { name, executor } of workers) {
    const run = executor.current ?? executor.ledger.last;
    if (run === undefined) continue;
    const endedMs = run === executor.current ? toMs : run.endedMs;
    const overlapMs = Math.min(endedMs, toMs) - Math.max(run.startedMs, fromMs);
    if (overlapMs > 0) yield { worker: name, runId: run.runId, overlapMs };
  }
}
