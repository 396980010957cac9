import type { ErrorSummary } from './error-summary.js';
import type { Duration } from './duration.js';
import type { Logger } from './logger.js';
import type { OutcomeKind } from './outcome.js';
import type { RunTrigger } from './trigger.js';

/** What one execution of a worker's work is given. */
export interface RunContext {
  /** Unique in the process and practically unique in the world. */
  readonly runId: string;
  /** The worker's name. */
  readonly worker: string;
  /** What made this run happen. */
  readonly trigger: RunTrigger;
  /** 1, and one more for each `blocked` or `failed` run directly before this one. */
  readonly attempt: number;
  /** When a schedule wanted this run; later than that is a delay. Absent for `once`, `continuously` and operators' runs. */
  readonly scheduledFor?: Date | undefined;
  /**
   * Aborts when the run must end: stop, timeout. Its reason is a `PlbaError` that says which. Once the run has ended it has
   * aborted, for whatever was left running.
   */
  readonly signal: AbortSignal;
  /** Child logger whose lines carry worker, run id and trace id. */
  readonly log: Logger;
  /** Id of the trace that this run is the root of: 32 hexadecimal digits. */
  readonly traceId: string;
  /** Says how far the run is. Also the heartbeat that keeps a long run from being called stuck. */
  progress(done: number, total?: number, note?: string): void;
  /** Waits; ends early, without an error, when `signal` aborts. */
  sleep(duration: Duration): Promise<void>;
  /** The time of day, from the application's clock. */
  now(): Date;
}

/** How far a run is. */
export interface RunProgress {
  readonly done: number;
  readonly total?: number;
  readonly note?: string;
  /** When it was said. */
  readonly at: Date;
  /** How much was done a second, on average since the run started. */
  readonly perSecond?: number;
  /** How many milliseconds it will take from then on at that pace, where the total is known. */
  readonly leftMs?: number;
}

/** A run as the ledger keeps it. */
export interface RunRecord {
  readonly id: string;
  readonly worker: string;
  readonly trigger: RunTrigger;
  readonly attempt: number;
  readonly scheduledFor?: Date;
  readonly started: Date;
  /** Milliseconds from start to outcome. Absent while the run is in progress. */
  readonly durationMs?: number;
  /** Absent while the run is in progress. */
  readonly outcome?: OutcomeKind;
  readonly items?: number;
  /** Items that a `partial` run had to leave out. */
  readonly rejected?: number;
  /** Why it was `partial` or `blocked`. */
  readonly reason?: string;
  /** What went wrong in a `failed` or `fatal` run. */
  readonly error?: ErrorSummary;
  readonly progress?: RunProgress;
  /** The last lines that it has logged, oldest first, each as its fields. In the ledger only; absent when there are none. */
  readonly log?: readonly Readonly<Record<string, unknown>>[];
  /** How many of its lines are not kept. */
  readonly logDropped?: number;
  /** How many runs between this one and the next older one of the ledger are not kept. In the ledger only; absent when there are none. */
  readonly runsDropped?: number;
  readonly traceId: string;
}
