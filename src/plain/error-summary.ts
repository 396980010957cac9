import type { ErrorSummary } from '../contracts/error-summary.js';
import { PlbaError } from '../errors.js';
import { clip } from './plain-value.js';

const deepestCause = 8;

/**
 * What there is to say about anything that was thrown. Never throws itself: a thrown value may be a string, an object with
 * getters that throw, or an error that is its own cause.
 */
export function summarizeError(thrown: unknown): ErrorSummary {
  try {
    if (!(thrown instanceof Error)) return { name: 'Error', message: describe(thrown) };
    const code = (thrown as { code?: unknown }).code;
    const hint = thrown instanceof PlbaError ? thrown.hint : undefined;
    const causes: string[] = [];
    let cause = thrown.cause;
    while (cause !== undefined && cause !== null && causes.length < deepestCause) {
      causes.push(cause instanceof Error ? cause.message : describe(cause));
      cause = cause instanceof Error ? cause.cause : undefined;
    }
    return {
      name: thrown.name,
      message: thrown.message === '' && thrown instanceof AggregateError ? describeAll(thrown.errors) : thrown.message,
      ...(typeof code === 'string' && { code }),
      ...(hint !== undefined && { hint }),
      ...(causes.length > 0 && { causes }),
    };
  } catch {
    return { name: 'Error', message: 'an error that cannot be read' };
  }
}

function describe(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
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
