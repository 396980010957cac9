import type { SpanContext } from '@opentelemetry/api';
import { VendorState } from './trace-state.js';

/** Headers of a request as Node.js or a `Map`-like object has them, in whatever case. */
export type TraceHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

// Level 2 of W3C Trace Context. A later version may say more behind the flags, after another hyphen.
const parentForm = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Flags that are known: sampled, and that the trace id is random. Others are not handed on. */
const knownFlags = 0x03;

/**
 * The span of another process that a request comes from, by `traceparent` and `tracestate`. Strict: a `traceparent` that
 * breaks a rule counts as none, and `tracestate` without it too. Never throws.
 */
export function readTraceHeaders(headers: TraceHeaders): SpanContext | undefined {
  const parents = valuesOf(headers, 'traceparent');
  const [only = ''] = parents;
  const match = parents.length === 1 ? parentForm.exec(only.replace(/^[ \t]+|[ \t]+$/g, '')) : null;
  if (match === null) return undefined;
  const [, version, traceId = '', spanId = '', flags = '', more] = match;
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  const traceState = VendorState.parse(valuesOf(headers, 'tracestate').join(','));
  const traceFlags = Number.parseInt(flags, 16) & knownFlags;
  return { traceId, spanId, traceFlags, isRemote: true, ...(traceState !== undefined && { traceState }) };
}

/** The headers that hand a span on. */
export function writeTraceHeaders({ traceId, spanId, traceFlags, traceState }: SpanContext): Record<string, string> {
  const flags = (traceFlags & knownFlags).toString(16).padStart(2, '0');
  const state = traceState?.serialize() ?? '';
  return { traceparent: `00-${traceId}-${spanId}-${flags}`, ...(state !== '' && { tracestate: state }) };
}

function valuesOf(headers: TraceHeaders, wanted: string): readonly string[] {
  const values: string[] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name.toLowerCase() !== wanted) continue;
    if (typeof value === 'string') values.push(value);
    else values.push(...value);
  }
  return values;
}
