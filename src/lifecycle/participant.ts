import type { WorkerStopReport } from '../contracts/stop-report.js';
import type { Needy } from './needs.js';
import type { StopBudget } from './stop-budget.js';

/** Something that is started and stopped in the order of its needs: a worker. */
export interface Participant extends Needy {
  /** What each rung of the stop ladder may take. */
  readonly budget: StopBudget;
  /** Whether to stop it now calls code that is not the platform's own, which may do anything. */
  readonly hasForeignCode: boolean;
  /** Waits for what it needs; resolves when it is ready, rejects when it does not come up. */
  start(): Promise<void>;
  /** Takes the stop ladder. Never rejects. `force` also ends a draining that is under way. */
  stop(budget: StopBudget, force?: boolean): Promise<WorkerStopReport>;
  /** What it waits for, or what it is doing and why that goes on, for a start that hangs. */
  describe(): { readonly state: string; readonly waitingFor: readonly string[]; readonly trouble?: string };
}

/**
 * So many are told to start, or to stop, in one turn of the event loop. Of ten thousand, those that are ready at once are done with
 * before the others begin, so that little of what is made on the way is ever alive at a time; and probes are answered meanwhile.
 */
export const mostAtOnce = 250;

/** A part of the platform that is up before the first participant and down after the last. */
export interface OuterPart {
  readonly name: string;
  start(): void | Promise<void>;
  stop(): void | Promise<void>;
}
