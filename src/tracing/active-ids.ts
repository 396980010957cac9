import { telemetry } from './open-telemetry.js';

/** What a log line carries to be found from a trace, in the spelling of OpenTelemetry's log correlation. */
export interface LineIds {
  readonly trace_id: string;
  readonly span_id: string;
}

/** The ids of the span that is active here and now; undefined when there is none or no SDK is registered. */
export function activeIds(): LineIds | undefined {
  const sdk = telemetry();
  const span = sdk?.api.trace.getActiveSpan();
  if (sdk === undefined || span === undefined) return undefined;
  const context = span.spanContext();
  return sdk.api.isSpanContextValid(context) ? { trace_id: context.traceId, span_id: context.spanId } : undefined;
}
