import { hasTrigger } from './effective-options.js';
import { RoutineWorker } from './routine-worker.js';
import type { WorkerParts } from './worker-parts.js';

/** What to say of a worker that has come up and has nothing driven; undefined when it need not have. */
export function whyUndriven({ worker, options }: WorkerParts): string | undefined {
  const isUp = `worker "${options.name}" is up`;
  if (worker instanceof RoutineWorker) {
    return `${isUp}, and nothing makes it run: start() of RoutineWorker has not been called`;
  }
  if (!hasTrigger(options)) return undefined;
  return `${isUp}, and its trigger makes nothing run: its start() has not called context.drive()`;
}
