import type { SteerableWorker, Worker } from '../contracts/worker.js';

/** Whether the platform can hold the worker's work without stopping it, and ask it for a run. */
export function isSteerable(worker: Worker): worker is SteerableWorker {
  const { pause, resume, runNow } = worker as Partial<SteerableWorker>;
  return typeof pause === 'function' && typeof resume === 'function' && typeof runNow === 'function';
}
