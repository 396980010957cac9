import type { OutcomeKind } from './outcome.js';
import type { RunTrigger } from './trigger.js';

/** The trace of a run as it is kept in process. */
export interface TraceRecord {
  readonly traceId: string;
  readonly runId: string;
  readonly worker: string;
  readonly trigger: RunTrigger;
  readonly started: Date;
  /** Absent while the run is in progress. */
  readonly outcome?: OutcomeKind;
  /** What has caused this run: the spans of the request, run or task that asked for it. */
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  /** The run itself, with all that was done in it. */
  readonly root: SpanRecord;
  /** How many spans are not kept because there are too many. */
  readonly droppedSpans: number;
}

/** A span of a {@link TraceRecord}. */
export interface SpanRecord {
  readonly spanId: string;
  readonly name: string;
  /** Milliseconds from the start of the run. */
  readonly atMs: number;
  /** Absent while it has not ended. */
  readonly durationMs?: number;
  /** What went wrong in it. */
  readonly error?: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** What was done in it, in order of their start. */
  readonly children: readonly SpanRecord[];
}
