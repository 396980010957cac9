import type { ConfigReport, ReloadReport } from './config-report.js';
import type { ErrorSummary } from './error-summary.js';
import type { ApplicationState } from './application.js';
import type { Health, HealthReport } from './health.js';
import type { MetricFamily } from './metrics.js';
import type { LevelChange, LoggerReport, LoggingReport } from './log-report.js';
import type { RunRecord } from './run.js';
import type { TraceRecord } from './traces.js';
import type { Trigger } from './trigger.js';
import type { WorkerState } from './worker.js';
import type { EffectiveWorkerOptions } from './worker-options.js';

/** A worker as an operator sees it: `GET /workers/<name>`. */
export interface WorkerReport {
  readonly name: string;
  /** The module that brought it. */
  readonly module: string;
  readonly state: WorkerState;
  readonly since: Date;
  /** Absent for a worker that is written by hand and decides by itself when to run. */
  readonly trigger?: Trigger;
  readonly critical: boolean;
  /** How often the supervisor has restarted it since it was last told to start or to restart. */
  readonly restarts: number;
  /** What it waits for, while `waiting`. */
  readonly waitingFor?: readonly string[];
  /** The run in progress. */
  readonly currentRun?: RunRecord;
  readonly lastRun?: RunRecord;
  /** When the trigger makes the next run happen. */
  readonly nextRun?: Date;
  /** Runs since the worker was created. */
  readonly runs: number;
  readonly health: Health;
  /** Why it is `failed` or `backing-off`. */
  readonly error?: ErrorSummary;
  /** Who or what paused it, while `paused`. */
  readonly pausedBy?: string;
  /** The last thing that an operator told it to do, besides runs; also a restart, which is none of {@link restarts}. */
  readonly lastOrder?: WorkerOrder;
  /** What makes sense to ask of it now, the most wanted first. What would be refused for certain is not among them. */
  readonly actions: readonly WorkerAction[];
  /** With a `trigger` where the worker has one. */
  readonly options: Omit<EffectiveWorkerOptions, 'trigger'> & { readonly trigger?: Trigger | undefined };
  /** What the worker's own `status()` adds. */
  readonly details?: Record<string, unknown>;
}

/** The application as an operator sees it: `GET /status`. */
export interface ApplicationStatus {
  readonly name: string;
  readonly modules: readonly string[];
  readonly state: ApplicationState;
  /** Version of PLBA. */
  readonly version: string;
  readonly since: Date;
  /** Milliseconds since the start was ordered. */
  readonly uptimeMs: number;
  readonly process: {
    readonly pid: number;
    readonly node: string;
    readonly host: string;
    readonly rssBytes: number;
    readonly heapUsedBytes: number;
  };
  /** When each worker was constructed, told to start, and ready. */
  readonly timeline: readonly StartTimelineEntry[];
  /** When each health contributor was constructed, and asked for the first time. */
  readonly contributorTimeline: readonly ContributorTimelineEntry[];
  /** How many workers are in each state. States without a worker are left out. */
  readonly workers: Readonly<Partial<Record<WorkerState, number>>>;
}

/** A line of the start timeline: milliseconds from the start of the application, which begins with its configuration. */
export interface StartTimelineEntry {
  readonly worker: string;
  readonly constructedMs: number;
  readonly startedMs: number;
  readonly readyMs?: number;
  readonly waitedFor: readonly string[];
}

/** A health contributor on the way up, in the same milliseconds. */
export interface ContributorTimelineEntry {
  readonly contributor: string;
  readonly constructedMs: number;
  /** When its first check began. Absent before. */
  readonly startedMs?: number;
  /** When its first check had answered, well or not, or was given up. Absent before. */
  readonly readyMs?: number;
}

/** What an operator can do to a worker. */
export type WorkerAction = 'start' | 'stop' | 'restart' | 'pause' | 'resume' | 'run';

/** What an operator has told a worker to do. */
export interface WorkerOrder {
  readonly action: Exclude<WorkerAction, 'run'>;
  readonly by: string;
  readonly reason?: string;
  readonly at: Date;
}

/** What the control plane shows and steers. The composition root hands it a view of the runtime of this shape. */
export interface OperatorView {
  status(): ApplicationStatus;
  /** Every worker, in order of declaration. */
  workers(): readonly WorkerReport[];
  /** Undefined when there is no such worker. */
  worker(name: string): WorkerReport | undefined;
  /** The ledger of a worker, newest first. Undefined when there is no such worker. */
  runs(name: string): readonly RunRecord[] | undefined;
  /** One run of a worker, in progress or in its ledger. Undefined when there is no such worker or run. */
  run(name: string, id: string): RunRecord | undefined;
  /**
   * Does it and resolves once the state is reached. Rejects with `WORKER_UNKNOWN`, or with `WORKER_CONFLICT` when it is
   * impossible in the worker's state.
   */
  act(
    name: string,
    action: WorkerAction,
    by: { readonly who: string; readonly force?: boolean; readonly reason?: string },
  ): Promise<WorkerReport>;
  /** The traces of the last runs, newest first. */
  traces(): readonly TraceRecord[];
  /** One of them. Undefined when it is not kept, or not any more. */
  trace(traceId: string): TraceRecord | undefined;
  /** Every metric as it is now. */
  metrics(): readonly MetricFamily[];
  /** Has the application stop by the ladder, and does not wait for it. `force` aborts instead of draining. Harmless twice. */
  shutdown(by: { readonly reason: string; readonly force?: boolean }): void;
  /** Health of a group, or of the whole when no group is named; undefined when there is no such group. Reads what is known. */
  health(group?: string): HealthReport | undefined;
  /** The names of all groups: `live`, `ready`, `startup`, and the application's own. */
  healthGroups(): readonly string[];
  /** Calls back whenever an answer of {@link health} may have changed. Answers how to end that. */
  onHealthChange(listener: () => void): () => void;
  /** Every effective value with its source. */
  configuration(): ConfigReport;
  /**
   * Reads the configuration again: all of it counts, or none. Rejects with `CONFIG_INVALID`, carrying all violations; the values stay as
   * they are, and health is degraded until a reload is taken. `reason` is told with it.
   */
  reload(by: string, reason?: string): Promise<ReloadReport>;
  /** The levels of all loggers, and what became of the lines. */
  logging(): LoggingReport;
  /** Sets the level of a logger while the application runs. Throws `LOGGER_UNKNOWN`, `LOG_LEVEL_INVALID`, `DURATION_INVALID`. */
  setLevel(logger: string, change: LevelChange): LoggerReport;
}
