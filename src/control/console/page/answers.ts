import type { HealthReport, MemberHealth } from '../../../contracts/health.js';
import type { ApplicationStatus, WorkerReport } from '../../../contracts/reports.js';
import type { RunRecord } from '../../../contracts/run.js';

// What the routes answer, as it comes out of JSON. Members that a route may leave out, or that come with a later version, are
// optional: the page shows what is there.

/** A value after its way through JSON: dates are texts. */
export type Json<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Json<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Json<T[Key]> }
      : T;

/** `GET /status`. */
export type Status = Json<ApplicationStatus>;
/** `GET /health`; details of members are there for who may read. */
export type Health = Json<HealthReport>;
/** A worker or contributor in {@link Health}. */
export type Member = Pick<Json<MemberHealth>, 'status'> & Partial<Json<MemberHealth>>;
/** An entry of `GET /workers`. */
export type Worker = Json<WorkerReport>;
/** An entry of `GET /workers/<name>/runs`. */
export type Run = Json<RunRecord>;

/** A span of a run in `GET /traces`, with what was done in it. */
export interface Span {
  readonly spanId: string;
  readonly name: string;
  /** Milliseconds from the start of the run. */
  readonly atMs: number;
  /** Absent while it has not ended. */
  readonly durationMs?: number;
  /** What went wrong in it. */
  readonly error?: string;
  readonly children: readonly Span[];
}

/** An entry of `GET /traces`: a run with all that was done in it. */
export interface Trace {
  readonly traceId: string;
  readonly root: Span;
  /** How many spans are not kept because there are too many. */
  readonly droppedSpans: number;
}

/** A line of the configuration. */
export interface Setting {
  readonly path: string;
  readonly value: unknown;
  readonly source: string;
  readonly isDefault: boolean;
}

/** A logger of `GET /loggers`. */
export interface LoggerLevel {
  readonly configured: string;
  readonly effective: string;
  readonly override?: {
    readonly level: string;
    readonly by?: string;
    readonly reason?: string;
    readonly until?: string;
  };
}

/** `GET /loggers`. */
export interface Loggers {
  readonly loggers: Readonly<Record<string, LoggerLevel>>;
  readonly lines?: { readonly written: number; readonly waiting: number; readonly dropped: number };
}

/** An entry of `GET /audit`: a change that somebody asked for. */
export interface AuditEntry {
  readonly id: number;
  readonly when: string;
  readonly who: string;
  /** `POST /workers/invoice-sync/stop`. */
  readonly what: string;
  /** What was said besides the reason, such as `{ force: true }`. */
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly reason?: string;
  readonly before?: unknown;
  readonly after?: unknown;
  readonly result: 'done' | 'refused' | 'failed';
  /** Why it was refused or failed. */
  readonly code?: string;
}
