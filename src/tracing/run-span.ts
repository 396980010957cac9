import type { Context, Span, SpanContext, SpanOptions } from '@opentelemetry/api';
import type { Outcome } from '../contracts/outcome.js';
import type { RunTrigger } from '../contracts/trigger.js';
import type { Scrub } from '../secrets/scrub.js';
import { type Telemetry, telemetry } from './open-telemetry.js';
import { keptKey, scrubKey } from './context-keys.js';
import type { KeptTrace } from './kept-trace.js';
import { withOwnContext } from './own-context.js';
import { LinkedContext } from './linked-context.js';
import { endQuietly, recordError } from './span-end.js';
import type { TraceKeeper } from './trace-keeper.js';

/** The run that a span stands for. */
export interface RunToTrace {
  readonly worker: string;
  readonly trigger: RunTrigger;
  readonly attempt: number;
  readonly runId: string;
  readonly scheduledFor?: Date | undefined;
  /** Takes secrets out of what the span of the run and its children record. */
  readonly scrub?: Scrub | undefined;
  /** The spans of those who asked for it. */
  readonly links?: readonly SpanContext[] | undefined;
}

/** The root span of a run. */
export interface RunSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Does the work with the span active: spans made inside become its children, across `await`. */
  run<T>(work: () => T): T;
  /** Ends the span with how the run ended. Once; later calls do nothing. */
  end(outcome: Outcome): void;
}

/**
 * Starts the span of a run: named `<worker> run`, a root of its own trace, whatever span happens to be active. Answers
 * undefined, at the cost of a look at a global, while no OpenTelemetry SDK is registered and `keeper` keeps no traces.
 *
 * An SDK that throws (a span processor may) costs the run its span, never more.
 */
export function startRunSpan(run: RunToTrace, keeper?: TraceKeeper): RunSpan | undefined {
  const sdk = telemetry();
  const isKept = keeper?.isKeeping === true;
  if (sdk !== undefined) {
    try {
      return new SdkRunSpan(sdk, run, isKept ? keeper : undefined);
    } catch {
      // As if there were no SDK.
    }
  }
  return isKept ? new KeptRunSpan(keeper.begin(run), run) : undefined;
}

/** The span of a run where there is no SDK: kept in process only. */
class KeptRunSpan implements RunSpan {
  readonly traceId: string;
  readonly spanId: string;

  constructor(
    private readonly trace: KeptTrace,
    private readonly of: RunToTrace,
  ) {
    ({ traceId: this.traceId, spanId: this.spanId } = trace.root.spanContext());
    trace.root.setAttributes(attributesOf(of));
  }

  run<T>(work: () => T): T {
    return withOwnContext({ span: this.trace.root }, work);
  }

  end(outcome: Outcome): void {
    keepEnd(this.trace, this.of, outcome);
  }
}

function keepEnd(trace: KeptTrace, of: RunToTrace, outcome: Outcome): void {
  trace.outcome = outcome.kind;
  endQuietly(trace.root, (root) => {
    describe(root, of, outcome);
  });
}

class SdkRunSpan implements RunSpan {
  readonly traceId: string;
  readonly spanId: string;
  private readonly span: Span;
  private readonly context: Context;
  private readonly kept: KeptTrace | undefined;
  private hasEnded = false;

  constructor(
    private readonly sdk: Telemetry,
    private readonly of: RunToTrace,
    keeper: TraceKeeper | undefined,
  ) {
    const { api, tracer } = sdk;
    const root = rootOf(sdk, of.scrub);
    this.span = tracer.startSpan(`${of.worker} run`, startOptions(of), root);
    ({ traceId: this.traceId, spanId: this.spanId } = this.span.spanContext());
    const context = api.trace.setSpan(root, this.span);
    this.kept = keeper?.begin(of, this);
    this.kept?.root.setAttributes(attributesOf(of));
    this.context = this.kept === undefined ? context : context.setValue(keptKey, this.kept.root);
  }

  run<T>(work: () => T): T {
    return this.sdk.api.context.with(this.context, work);
  }

  end(outcome: Outcome): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    endQuietly(this.span, (span) => {
      describe(span, this.of, outcome);
    });
    if (this.kept !== undefined) keepEnd(this.kept, this.of, outcome);
  }
}

let lastRoot: { readonly scrub: Scrub | undefined; readonly context: Context } | undefined;

/** The context that runs begin in: no span, and the scrubber. All runs share it. */
function rootOf({ api }: Telemetry, scrub: Scrub | undefined): Context {
  if (lastRoot?.scrub !== scrub || lastRoot === undefined) {
    lastRoot = { scrub, context: new LinkedContext(api.ROOT_CONTEXT, scrubKey, scrub) };
  }
  return lastRoot.context;
}

function describe(span: Span, of: RunToTrace, outcome: Outcome): void {
  const scrub: Scrub = of.scrub ?? ((text) => text);
  span.setAttribute('plba.outcome', outcome.kind);
  switch (outcome.kind) {
    case 'worked':
      if (outcome.items !== undefined) span.setAttribute('plba.items', outcome.items);
      return;
    case 'idle':
      return;
    case 'partial':
      span.setAttributes({ 'plba.items': outcome.done, 'plba.rejected': outcome.rejected });
      span.setAttribute('plba.reason', scrub(outcome.reason));
      return;
    case 'blocked':
      span.setAttribute('plba.reason', scrub(outcome.reason));
      return;
    case 'failed':
    case 'fatal':
      recordError(span, outcome.error, scrub);
  }
}

function startOptions(of: RunToTrace): SpanOptions {
  const options: SpanOptions = { root: true, attributes: attributesOf(of) };
  if (of.links !== undefined && of.links.length > 0) options.links = of.links.map((context) => ({ context }));
  return options;
}

function attributesOf(run: RunToTrace): Record<string, string | number> {
  const attributes: Record<string, string | number> = {
    'plba.worker': run.worker,
    'plba.trigger': run.trigger,
    'plba.attempt': run.attempt,
    'plba.run_id': run.runId,
  };
  if (run.scheduledFor !== undefined) attributes['plba.scheduled_for'] = run.scheduledFor.toISOString();
  return attributes;
}
