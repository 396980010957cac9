import type { Context, Span, SpanOptions } from '@opentelemetry/api';
import type { Scrub } from '../secrets/scrub.js';
import { noSpan } from './no-span.js';
import { type Telemetry, telemetry } from './open-telemetry.js';
import { keptKey, scrubKey } from './context-keys.js';
import type { KeptSpan } from './kept-span.js';
import { ownContext, watch, withOwnContext } from './own-context.js';
import { endQuietly, recordError } from './span-end.js';

/**
 * Does `work` inside a span: a child of the active one, so in a run a part of the run's trace. The span ends when the work
 * has ended, also where that is later (a promise), with the error recorded if there was one. Answers, throws and rejects
 * exactly as `work` does.
 *
 * Without an OpenTelemetry SDK the span is kept in process, as part of the run's trace; outside of a run the work is just done,
 * with a span that records nothing.
 */
export function withSpan<T>(name: string, work: (span: Span) => T): T;
/** The same with the options of OpenTelemetry's `startSpan`: `attributes`, `kind`, `links`. */
export function withSpan<T>(name: string, options: SpanOptions, work: (span: Span) => T): T;
export function withSpan<T>(
  name: string,
  optionsOrWork: SpanOptions | ((span: Span) => T),
  workAfterOptions?: (span: Span) => T,
): T {
  const hasOptions = workAfterOptions !== undefined;
  const work = hasOptions ? workAfterOptions : (optionsOrWork as (span: Span) => T);
  const options = hasOptions ? (optionsOrWork as SpanOptions) : {};
  const sdk = telemetry();
  // Whoever makes spans wants to see them.
  watch();
  return sdk === undefined ? keepSpan(name, options, work) : traceSpan(sdk, name, options, work);
}

function traceSpan<T>(sdk: Telemetry, name: string, options: SpanOptions, work: (span: Span) => T): T {
  const parent = sdk.api.context.active();
  const scrub = parent.getValue(scrubKey) as Scrub | undefined;
  const told = scrubbed(options, scrub);
  const span = startSpan(sdk, scrub?.(name) ?? name, told, parent);
  const keptParent = parent.getValue(keptKey) as KeptSpan | undefined;
  const kept = keptParent?.child(scrub?.(name) ?? name, told.attributes, span.spanContext().spanId);
  const context = sdk.api.trace.setSpan(parent, span);
  const inner = kept === undefined ? context : context.setValue(keptKey, kept);
  // Settling is watched inside of the context too: to subscribe to a lazy promise may be what starts its work.
  return sdk.api.context.with(inner, () => endAfter([span, kept], span, scrub, work));
}

function keepSpan<T>(name: string, { attributes }: SpanOptions, work: (span: Span) => T): T {
  const parent = ownContext()?.span;
  const kept = parent?.child(name, attributes);
  if (parent === undefined || kept === undefined) return work(noSpan);
  return withOwnContext({ span: kept }, () => endAfter([kept], kept, parent.trace.scrub, work));
}

function startSpan({ tracer }: Telemetry, name: string, options: SpanOptions, parent: Context): Span {
  try {
    return tracer.startSpan(name, options, parent);
  } catch {
    // A span processor of the application's own may throw: that costs the span, never the work.
    return noSpan;
  }
}

/** The same options, without secrets in the texts of their attributes. */
function scrubbed(options: SpanOptions, scrub: Scrub | undefined): SpanOptions {
  if (scrub === undefined || options.attributes === undefined) return options;
  const attributes = Object.entries(options.attributes).map(([key, value]): [string, typeof value] => [
    key,
    typeof value === 'string' ? scrub(value) : value,
  ]);
  return { ...options, attributes: Object.fromEntries(attributes) };
}

function endAfter<T>(
  spans: readonly (Span | undefined)[],
  span: Span,
  scrub: Scrub | undefined,
  work: (span: Span) => T,
): T {
  const succeeded = <V>(value: V): V => {
    for (const each of spans) if (each !== undefined) endQuietly(each);
    return value;
  };
  const failed = (error: unknown): never => {
    for (const each of spans) {
      if (each === undefined) continue;
      endQuietly(each, () => {
        recordError(each, error, scrub);
      });
    }
    throw error;
  };
  let result: T;
  try {
    result = work(span);
  } catch (error) {
    return failed(error);
  }
  return isThenable(result) ? (result.then(succeeded, failed) as T) : succeeded(result);
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  const canHaveMembers = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return canHaveMembers && typeof (value as { then?: unknown }).then === 'function';
}
