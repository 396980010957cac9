import type { Status } from './answers.js';

/** When a worker was on its way, in milliseconds after the application began. */
export interface StartStretch {
  readonly toldMs: number;
  /** From here on it was its own turn: the last of those that it waited for was ready. */
  readonly turnMs: number;
  /** Undefined while it is not ready. */
  readonly readyMs: number | undefined;
}

/**
 * What a worker waited and what it took itself. When a health contributor was ready is not known, so that waiting for one counts
 * as the worker's own time.
 */
export function startStretch(entry: Status['timeline'][number], timeline: Status['timeline']): StartStretch {
  const { startedMs: toldMs, readyMs, waitedFor } = entry;
  const endMs = readyMs ?? Infinity;
  const turns = timeline
    .filter(({ worker }) => waitedFor.includes(worker))
    .map((needed) => Math.min(needed.readyMs ?? endMs, endMs));
  return { toldMs, turnMs: Math.max(toldMs, ...turns), readyMs };
}
