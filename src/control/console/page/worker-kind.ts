import type { Worker } from './answers.js';

/** Whether a worker is known to have runs: one that is written by hand may do its work without any. */
export function hasRuns({ trigger, runs, currentRun }: Worker): boolean {
  return trigger !== undefined || runs > 0 || currentRun !== undefined;
}

/** Whether its work can be held while it is up. Another one is stopped, and started again. */
export function canBeHeld({ actions }: Worker): boolean {
  return actions.includes('run');
}
