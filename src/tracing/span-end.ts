import type { Span, SpanStatusCode } from '@opentelemetry/api';
import { errorFields } from '../plain/error-fields.js';
import type { Scrub } from '../secrets/scrub.js';

// The enum's value, written out: to import the enum would load the API.
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the value cannot come from the enum
const statusError: SpanStatusCode.ERROR = 2;

/** Puts an error on a span: as an exception event, and as its status. Reads whatever was thrown without trusting it. */
export function recordError(span: Span, thrown: unknown, scrub: Scrub = (text) => text): void {
  const { type, message, stack, code } = errorFields(thrown);
  const text = scrub(message);
  span.recordException({
    name: type,
    message: text,
    ...(stack === undefined ? {} : { stack: scrub(stack) }),
    ...(code === undefined ? {} : { code }),
  });
  span.setStatus({ code: statusError, message: text });
}

/**
 * Ends a span. A span processor of the application's own may throw here; that costs the span, never the work.
 */
export function endQuietly(span: Span, describe?: (span: Span) => void): void {
  try {
    describe?.(span);
  } catch {
    // Ending it matters more than describing it.
  }
  try {
    span.end();
  } catch {
    // See above.
  }
}
