import type { SpanContext } from '@opentelemetry/api';
import { remoteKey } from './context-keys.js';
import { telemetry } from './open-telemetry.js';
import { isWatching, ownContext, withOwnContext } from './own-context.js';
import { readTraceHeaders, type TraceHeaders, writeTraceHeaders } from './trace-headers.js';

/** The flag that says that a trace id is random. SDKs do not hand it on by themselves. */
const randomFlag = 0x02;

/**
 * Does work that another process has asked for: spans made inside become children of the span that its headers name, and a
 * run that is asked for inside is linked to it. `traceparent` and `tracestate` are read as strictly as W3C Trace Context
 * (level 2) wants it; headers that break a rule count as none. Never throws of its own.
 *
 * For work in threads and on other machines as well: there with what {@link traceHeaders} has answered here.
 */
export function withRemoteParent<T>(headers: TraceHeaders, work: () => T): T {
  const remote = readTraceHeaders(headers);
  const sdk = telemetry();
  if (sdk !== undefined) {
    const { context, trace, ROOT_CONTEXT } = sdk.api;
    // What is active here belongs to whatever else goes on, and not to whoever asks.
    const inner =
      remote === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, remote).setValue(remoteKey, remote);
    return context.with(inner, work);
  }
  return isWatching() ? withOwnContext({ remote }, work) : work();
}

/** The headers that let another process, machine or thread go on in the trace that is active here; empty when none is. */
export function traceHeaders(): Record<string, string> {
  const active = activeSpanContext();
  return active === undefined ? {} : writeTraceHeaders(active);
}

/** The span that is active here and now, also one of another process; undefined when nothing is. */
export function activeSpanContext(): SpanContext | undefined {
  const sdk = telemetry();
  if (sdk === undefined) {
    const own = ownContext();
    return own?.span?.spanContext() ?? own?.remote;
  }
  const context = sdk.api.context.active();
  const active = sdk.api.trace.getSpanContext(context);
  if (active === undefined || !sdk.api.isSpanContextValid(active)) return undefined;
  const remote = context.getValue(remoteKey) as SpanContext | undefined;
  const isRandom = remote?.traceId === active.traceId && (remote.traceFlags & randomFlag) !== 0;
  return isRandom ? { ...active, traceFlags: active.traceFlags | randomFlag } : active;
}
