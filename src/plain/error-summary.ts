import type { ErrorSummary } from '../contracts/error-summary.js';
import { PlbaError } from '../errors.js';
import { clip } from './plain-value.js';

const deepestCause = 8;
/** Longer texts of others are cut. The platform's own may be reports. */
const longestText = 8_192;

/**
 * What there is to say about anything that was thrown. Never throws itself, and answers nothing but text: a thrown value may be a
 * string, an object with getters that throw, an error that is its own cause, or one whose message is an object.
 */
export function summarizeError(thrown: unknown): ErrorSummary {
  try {
    if (!(thrown instanceof Error)) return { name: 'Error', message: describe(thrown) };
    const code = (thrown as { code?: unknown }).code;
    const isOwn = thrown instanceof PlbaError;
    const message =
      thrown.message === '' && thrown instanceof AggregateError ? describeAll(thrown.errors) : thrown.message;
    const causes = causesOf(thrown);
    return {
      name: describe(thrown.name),
      message: isOwn ? message : describe(message),
      ...(typeof code === 'string' && { code }),
      ...(isOwn && thrown.hint !== undefined && { hint: thrown.hint }),
      ...(causes.length > 0 && { causes }),
    };
  } catch {
    return { name: 'Error', message: 'an error that cannot be read' };
  }
}

/** The messages of its causes, nearest first, up to one that is there already. */
function causesOf(thrown: Error): string[] {
  const causes: string[] = [];
  try {
    const seen = new Set<unknown>([thrown]);
    let { cause } = thrown;
    while (cause !== undefined && cause !== null && causes.length < deepestCause && !seen.has(cause)) {
      seen.add(cause);
      causes.push(describe(cause instanceof Error ? cause.message : cause));
      cause = cause instanceof Error ? cause.cause : undefined;
    }
  } catch {
    // What could be read is enough.
  }
  return causes;
}

function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null) return clip(String(value), longestText);
  try {
    return clip(JSON.stringify(value), 500);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

// Node reports a refused connection to a name with two addresses as an AggregateError without a message of its own.
function describeAll(errors: readonly unknown[]): string {
  return errors.map((error) => (error instanceof Error ? error.message : describe(error))).join('; ');
}
