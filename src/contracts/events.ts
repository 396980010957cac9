import type { AuditEntry } from './audit.js';
import type { ApplicationState } from './application.js';
import type { ConfigChange } from './config-report.js';
import type { ErrorSummary } from './error-summary.js';
import type { HealthStatus } from './health.js';
import type { RunRecord } from './run.js';
import type { LogLevel } from './logger.js';
import type { WorkerState } from './worker.js';

/** The application is in another state. */
export interface ApplicationStateEvent {
  readonly type: 'application-state';
  readonly from: ApplicationState;
  readonly to: ApplicationState;
  /** What it stops or has stopped for, such as `SIGTERM`. Absent on the way up. */
  readonly reason?: string;
}

/**
 * What a worker's change of state comes from.
 * - `order`: the application starts or stops, or an operator asked for it
 * - `need`: something that it needs is not ready, or is ready again
 * - `end`: it has ended by itself, well or not
 * - `restart`: its supervisor starts it again
 * - `escalation`: restarting is over, and the application goes on without it
 * - `loss`: restarting is over, and the application stops
 */
export type WorkerStateCause = 'order' | 'need' | 'end' | 'restart' | 'escalation' | 'loss';

/** A worker is in another state. */
export interface WorkerStateEvent {
  readonly type: 'worker-state';
  readonly worker: string;
  readonly from: WorkerState;
  readonly to: WorkerState;
  readonly why: WorkerStateCause;
  /** What it waits for, when it is `waiting` now. */
  readonly waitingFor?: readonly string[];
  /** Who paused it, when it is `paused` now. */
  readonly pausedBy?: string;
  /** Why, when it is `failed` or `backing-off` now. */
  readonly error?: ErrorSummary;
}

/** A run begins. */
export interface RunStartedEvent {
  readonly type: 'run-started';
  readonly run: RunRecord;
}

/** A run says how far it is. Told ten times a second at most, for each run. */
export interface RunProgressEvent {
  readonly type: 'run-progress';
  readonly run: RunRecord;
}

/** A run has its outcome. */
export interface RunEndedEvent {
  readonly type: 'run-ended';
  readonly run: RunRecord;
}

/** The level of a logger was changed, or what was set for a while is over. */
export interface LogLevelEvent {
  readonly type: 'log-level';
  readonly logger: string;
  readonly from: LogLevel;
  readonly to: LogLevel;
  /** Who asked for it; `plba` when the time is over. */
  readonly by: string;
  readonly reason?: string;
}

/** Somebody asked for a change, and it was done or not. */
export interface AuditEvent {
  readonly type: 'audit';
  readonly entry: AuditEntry;
}

/** The configuration was reloaded, or a reload was refused and everything stays as it is. */
export interface ConfigurationEvent {
  readonly type: 'configuration';
  readonly outcome: 'applied' | 'refused';
  /** Who asked for it; `SIGHUP` for the signal. */
  readonly by: string;
  /** What was given as the reason to ask for it. */
  readonly askedBecause?: string;
  /** What has changed, secrets masked. */
  readonly changes?: readonly ConfigChange[];
  /** Why it was refused. */
  readonly reason?: string;
}

/** Health is another: of a worker or contributor as it says itself, of a group or the application as it counts. */
export interface HealthEvent {
  readonly type: 'health';
  readonly kind: 'worker' | 'contributor' | 'group' | 'application';
  /** Of the worker, contributor or group. */
  readonly name?: string;
  readonly from: HealthStatus;
  readonly to: HealthStatus;
  readonly reason?: string;
}

/** What can happen in an application. Told apart by `type`; there may be further ones in later versions. */
export type ApplicationEventBody =
  | ApplicationStateEvent
  | WorkerStateEvent
  | RunStartedEvent
  | RunProgressEvent
  | RunEndedEvent
  | LogLevelEvent
  | AuditEvent
  | ConfigurationEvent
  | HealthEvent;

/** What each event says besides what has happened. */
export interface EventStamp {
  /** Counts up by one from event to event, from 1, as long as somebody listens: what nobody hears is not counted. */
  readonly sequence: number;
  /** When it happened. */
  readonly at: Date;
}

/** Something that has happened in an application. */
export type ApplicationEvent = ApplicationEventBody & EventStamp;

/** Called with each event, after it has happened. What it throws or rejects with is logged and harms nobody else. */
export type ApplicationEventListener = (event: ApplicationEvent) => void | Promise<void>;

/** What happens in an application, for everybody to hear: its own state, that of its workers, and more. */
export interface ApplicationEvents {
  /** Hears all events from now on, each once and in their order. Answers how to end that. */
  subscribe(listener: ApplicationEventListener): () => void;
}
