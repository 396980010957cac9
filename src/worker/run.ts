import type { Clock } from '../contracts/clock.js';
import type { ErrorSummary } from '../contracts/error-summary.js';
import type { Duration } from '../contracts/duration.js';
import type { Logger } from '../contracts/logger.js';
import type { Outcome } from '../contracts/outcome.js';
import type { RunContext, RunProgress, RunRecord } from '../contracts/run.js';
import type { RunTrigger } from '../contracts/trigger.js';
import { PlbaError } from '../errors.js';
import type { EventSink } from '../events/event-sink.js';
import { summarizeError } from '../plain/error-summary.js';
import { scrubSummary } from '../plain/scrub-summary.js';
import type { Scrub } from '../secrets/scrub.js';
import { parseDuration } from '../time/duration.js';
import { abortOf } from '../time/named-abort.js';
import { createSpanId, createTraceId } from '../tracing/ids.js';
import type { RunLines, RunTail } from '../logging/run-lines.js';
import { clip } from '../plain/plain-value.js';
import type { RunSpan } from '../tracing/run-span.js';

/** What all runs of one worker have in common. */
export interface RunSetting {
  readonly worker: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Random part of the run ids. */
  readonly idPrefix: string;
  /** Takes secrets out of what leaves the process. */
  readonly scrub?: ((text: string) => string) | undefined;
  /** Keeps what runs log. */
  readonly lines?: RunLines | undefined;
  readonly events: EventSink;
}

/** How far the work says that it is. */
interface SaidProgress {
  readonly done: number;
  readonly total: number | undefined;
  readonly note: string | undefined;
  readonly atMs: number;
}

/**
 * One run: the context that the work is given, and afterwards its entry in the ledger. A worker may do a million of them
 * a second, so whatever not every run needs (id, logger, signal, trace id) is made when it is first asked for, and times
 * are kept as numbers on the monotonic clock.
 */
export class Run implements RunContext {
  span: RunSpan | undefined;
  /** How it ended. Set while the work still goes on when the run has failed by its timeout. */
  outcome: Outcome | undefined;
  endedMs = 0;
  private controller: AbortController | undefined;
  private said: SaidProgress | undefined;
  private lazyLog: Logger | undefined;
  private lazyTraceId: string | undefined;
  private tail: RunTail | undefined;
  private toldMs = -Infinity;
  /** The work has really ended. What it has left running must not write into the ledger any more. */
  private isOver = false;

  constructor(
    private readonly setting: RunSetting,
    /** Counts the runs of the worker, from 0. */
    readonly sequence: number,
    readonly trigger: RunTrigger,
    readonly attempt: number,
    readonly startedMs: number,
    /** Wall-clock time of monotonic zero when the run started: turns the numbers into dates. */
    private readonly epochMs: number,
    private readonly scheduledForMs: number | undefined,
  ) {}

  get worker(): string {
    return this.setting.worker;
  }

  /** Takes secrets out of what the run's span records. */
  get scrub(): ((text: string) => string) | undefined {
    return this.setting.scrub;
  }

  get runId(): string {
    return `${this.setting.idPrefix}-${this.sequence.toString(36)}`;
  }

  get scheduledFor(): Date | undefined {
    return this.scheduledForMs === undefined ? undefined : new Date(this.scheduledForMs);
  }

  get traceId(): string {
    return (this.lazyTraceId ??= this.span?.traceId ?? createTraceId());
  }

  get log(): Logger {
    return (this.lazyLog ??= this.openLog());
  }

  get signal(): AbortSignal {
    if (this.isOver) return AbortSignal.abort(this.ended());
    return (this.controller ??= new AbortController()).signal;
  }

  /** Monotonic time of the last sign of life: the start, or the last `progress()`. */
  get aliveMs(): number {
    return this.said?.atMs ?? this.startedMs;
  }

  progress(done: number, total?: number, note?: string): void {
    if (this.isOver) return;
    const atMs = this.setting.clock.monotonic();
    this.said = { done, total, note: this.noteOf(note), atMs };
    const { events } = this.setting;
    if (!events.isHeard || atMs - this.toldMs < progressEveryMs) return;
    this.toldMs = atMs;
    events.publish({ type: 'run-progress', run: this.toRecord() });
  }

  sleep(duration: Duration): Promise<void> {
    return this.setting.clock.sleep(parseDuration(duration, 'sleep(duration)'), this.signal);
  }

  now(): Date {
    return new Date(this.setting.clock.now());
  }

  /** Tells the work to end. The first reason stays. */
  abort(reason: PlbaError): void {
    this.controller ??= new AbortController();
    abortOf(`run ${this.runId} of worker "${this.worker}"`, this.controller, reason);
  }

  /** The run has its outcome. An error is kept as its summary only, so that the ledger holds on to nothing else. */
  settle(outcome: Outcome, endedMs: number): void {
    this.outcome = forLedger(outcome, this.setting.scrub ?? asItIs);
    this.endedMs = endedMs;
  }

  /** The work has really ended: what only it needed is let go. */
  release(): void {
    this.isOver = true;
    if (this.span !== undefined) {
      this.lazyTraceId = this.span.traceId;
      this.span = undefined;
    }
    this.controller = undefined;
    this.lazyLog = undefined;
    if (this.tail !== undefined) this.setting.lines?.end(this.runId, this.outcome?.kind);
  }

  /** It has left the ledger: what it has logged is let go. */
  forget(): void {
    this.tail?.clear();
  }

  /** The run as it is shown on a page of its own: also what it has logged. */
  toFullRecord(): RunRecord {
    const log = this.tail?.read() ?? [];
    return {
      ...this.toRecord(),
      ...(log.length > 0 && { log }),
      ...(this.tail !== undefined && this.tail.dropped > 0 && { logDropped: this.tail.dropped }),
    };
  }

  /** The run as it is shown. */
  toRecord(): RunRecord {
    const { outcome, said } = this;
    return {
      id: this.runId,
      worker: this.worker,
      trigger: this.trigger,
      attempt: this.attempt,
      ...(this.scheduledForMs !== undefined && { scheduledFor: new Date(this.scheduledForMs) }),
      started: new Date(this.epochMs + this.startedMs),
      ...(outcome !== undefined && {
        durationMs: roundToMicroseconds(this.endedMs - this.startedMs),
        outcome: outcome.kind,
        ...describeOutcome(outcome),
      }),
      ...(said !== undefined && {
        progress: {
          done: said.done,
          ...(said.total !== undefined && { total: said.total }),
          ...(said.note !== undefined && { note: said.note }),
          at: new Date(this.epochMs + said.atMs),
          ...paceOf(said, said.atMs - this.startedMs),
        },
      }),
      traceId: this.traceId,
    };
  }

  private noteOf(note: string | undefined): string | undefined {
    if (note === undefined) return undefined;
    const { scrub } = this.setting;
    return clip(scrub === undefined ? note : scrub(note), longestNote);
  }

  private ended(): PlbaError {
    return new PlbaError('RUN_ABORTED', `run ${this.runId} of worker "${this.worker}" has ended`, {
      hint: 'await in the run whatever the run has begun',
    });
  }

  private openLog(): Logger {
    const { log, lines } = this.setting;
    const { runId } = this;
    if (!this.isOver) this.tail = lines?.listen(runId);
    return log.child({ runId, trace_id: this.traceId, span_id: this.span?.spanId ?? createSpanId() });
  }
}

/** A note is a few words. */
const longestNote = 200;
/** As many characters of a reason are kept. */
const longestReason = 1_000;
/** Work may say how far it is a million times a second; those who listen are told so often at most. */
const progressEveryMs = 100;

const asItIs: Scrub = (text) => text;

/** What the ledger keeps of an outcome: of an error its summary only, no text without end, and no secret. */
function forLedger(outcome: Outcome, scrub: Scrub): Outcome {
  switch (outcome.kind) {
    case 'worked':
    case 'idle':
      return outcome;
    case 'partial':
    case 'blocked':
      return { ...outcome, reason: clip(scrub(outcome.reason), longestReason) };
    case 'failed':
    case 'fatal':
      return { kind: outcome.kind, error: scrubSummary(summarizeError(outcome.error), scrub) };
  }
}

/** How fast the work is, and how long it will take at that pace. */
function paceOf({ done, total }: SaidProgress, tookMs: number): Pick<RunProgress, 'perSecond' | 'leftMs'> {
  if (!(done > 0) || !(tookMs > 0)) return {};
  const perSecond = (done / tookMs) * 1_000;
  if (total === undefined || !(total >= done)) return { perSecond };
  return { perSecond, leftMs: Math.round(((total - done) / perSecond) * 1_000) };
}

/** Milliseconds without the noise of floating-point arithmetic. */
function roundToMicroseconds(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

function describeOutcome(outcome: Outcome): Pick<RunRecord, 'items' | 'rejected' | 'reason' | 'error'> {
  switch (outcome.kind) {
    case 'worked':
      return outcome.items === undefined ? {} : { items: outcome.items };
    case 'idle':
      return {};
    case 'partial':
      return { items: outcome.done, rejected: outcome.rejected, reason: outcome.reason };
    case 'blocked':
      return { reason: outcome.reason };
    case 'failed':
    case 'fatal':
      return { error: outcome.error as ErrorSummary };
  }
}
