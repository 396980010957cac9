import type { SpanContext } from '@opentelemetry/api';
import type { OutcomeKind } from '../contracts/outcome.js';
import type { TraceRecord } from '../contracts/traces.js';
import type { RunTrigger } from '../contracts/trigger.js';
import type { Scrub } from '../secrets/scrub.js';
import { KeptSpan } from './kept-span.js';

/** Spans of one run that are kept, the first ones. */
const mostSpans = 200;

/** What a kept trace is about. */
export interface TracedRun {
  readonly worker: string;
  readonly trigger: RunTrigger;
  readonly runId: string;
  readonly scrub?: Scrub | undefined;
  readonly links?: readonly SpanContext[] | undefined;
}

/** The trace of one run, kept in process. */
export class KeptTrace {
  readonly root: KeptSpan;
  readonly scrub: Scrub;
  outcome: OutcomeKind | undefined;
  private readonly started: Date;
  private readonly startedMs: number;
  private spans = 1;
  private dropped = 0;

  constructor(
    private readonly run: TracedRun,
    readonly traceId: string,
    private readonly clock: { now(): number; monotonic(): number },
    spanId?: string,
  ) {
    this.scrub = run.scrub ?? ((text) => text);
    this.started = new Date(clock.now());
    this.startedMs = clock.monotonic();
    this.root = new KeptSpan(this, `${run.worker} run`, undefined, spanId);
  }

  elapsedMs(): number {
    return this.clock.monotonic() - this.startedMs;
  }

  /** Whether there is room for one more span; it is counted either way. */
  admit(): boolean {
    if (this.spans < mostSpans) {
      this.spans++;
      return true;
    }
    this.dropped++;
    return false;
  }

  toRecord(): TraceRecord {
    const { run, traceId, started, outcome } = this;
    return {
      traceId,
      runId: run.runId,
      worker: run.worker,
      trigger: run.trigger,
      started,
      ...(outcome !== undefined && { outcome }),
      links: (run.links ?? []).map((link) => ({ traceId: link.traceId, spanId: link.spanId })),
      root: this.root.toRecord(),
      droppedSpans: this.dropped,
    };
  }
}
