import type { ErrorSummary } from './error-summary.js';

/**
 * How stopping one worker went.
 * - `not-started` had nothing to stop; `completed` had ended by itself before
 * - `drained` finished its work; `aborted` gave its work up when told to
 * - `failed` threw while stopping; `abandoned` did neither and was left behind
 */
export type StopResult = 'not-started' | 'completed' | 'drained' | 'aborted' | 'failed' | 'abandoned';

/** How stopping one worker went, and what it left open. */
export interface WorkerStopReport {
  readonly worker: string;
  readonly result: StopResult;
  /** Milliseconds from its first order to stop until it had stopped or was abandoned. */
  readonly durationMs: number;
  /** What it still had open when it was abandoned, such as the id of a run. */
  readonly open?: string;
  readonly error?: ErrorSummary;
}

/** How stopping the application went. */
export interface StopReport {
  readonly application: string;
  /** What the application stopped for, such as `SIGTERM`, or `all workers completed`. */
  readonly reason: string;
  /** Exit code of the process: 0 clean, 1 failed to start, 2 configuration invalid, 3 lost a critical worker or a fatal process error, 4 abandoned something. */
  readonly exitCode: ExitCode;
  /** Milliseconds from the order to stop until everything had stopped or was abandoned. */
  readonly durationMs: number;
  /** In the order in which they were told to stop. */
  readonly workers: readonly WorkerStopReport[];
  /** What else went wrong on the way, such as a control plane that did not close. */
  readonly errors: readonly ErrorSummary[];
  /** What would have kept the process alive, had it not been ended. Empty for an application that is embedded. */
  readonly open: readonly OpenResource[];
}

/** Something that keeps a process alive: a timer, a server, a socket, a thread. */
export interface OpenResource {
  /** What it is: `timer`, `server`, `socket`, `datagram socket`, `pipe`, `child process`, `thread`, `file watcher`. */
  readonly kind: string;
  /** Which one, as far as that can be known, such as an address. */
  readonly what?: string;
  /** How many there are that are alike. */
  readonly count: number;
  /** Whoever it is likely to belong to, as far as that can be known: the workers that were abandoned. */
  readonly owner?: string;
}

/** The exit codes of an application, see {@link StopReport.exitCode}. */
export type ExitCode = 0 | 1 | 2 | 3 | 4;
