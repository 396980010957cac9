import type { Span, SpanContext } from '@opentelemetry/api';

const context: SpanContext = { traceId: '0'.repeat(32), spanId: '0'.repeat(16), traceFlags: 0 };

/** What work gets where there is no SDK: a span that records nothing. One for all. */
export const noSpan: Span = {
  spanContext: () => context,
  setAttribute: () => noSpan,
  setAttributes: () => noSpan,
  addEvent: () => noSpan,
  addLink: () => noSpan,
  addLinks: () => noSpan,
  setStatus: () => noSpan,
  updateName: () => noSpan,
  end: () => undefined,
  isRecording: () => false,
  recordException: () => undefined,
};
