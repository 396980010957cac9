import type { Duration } from '../contracts/duration.js';
import type { Outcome } from '../contracts/outcome.js';
import { PlbaError } from '../errors.js';
import { parseDuration } from '../time/duration.js';
import { flawOf } from './outcome-flaw.js';

const plainWorked: Outcome = Object.freeze({ kind: 'worked' });
const plainIdle: Outcome = Object.freeze({ kind: 'idle' });

/**
 * The run did something.
 * @param result `items`: how many things it dealt with; `more`: there is more to do, so the worker goes again at once.
 */
export function worked(result?: { readonly items?: number; readonly more?: boolean }): Outcome {
  if (result === undefined) return plainWorked;
  return checked({ ...result, kind: 'worked' });
}

/** The run found nothing to do. A success. */
export function idle(): Outcome {
  return plainIdle;
}

/** The run did `done` items and rejected `rejected`, for a `reason` that a person on call understands. */
export function partial(result: {
  readonly done: number;
  readonly rejected: number;
  readonly reason: string;
}): Outcome {
  return checked({ kind: 'partial', done: result.done, rejected: result.rejected, reason: result.reason });
}

/**
 * A dependency said no: it is away, busy or refuses for now.
 * @param options `retryIn`: the next run comes after this wait, instead of the worker's `retry` backoff.
 */
export function blocked(reason: string, options: { readonly retryIn?: Duration } = {}): Outcome {
  if (options.retryIn === undefined) return checked({ kind: 'blocked', reason });
  return checked({ kind: 'blocked', reason, retryInMs: parseDuration(options.retryIn, 'blocked({ retryIn })') });
}

/** The run went wrong. It is tried again after the worker's `retry` backoff. */
export function failed(error: unknown): Outcome {
  return { kind: 'failed', error };
}

/** The run went wrong and trying again is pointless: the worker ends, without a restart, as `restart.then` says. */
export function fatal(error: unknown): Outcome {
  return { kind: 'fatal', error };
}

function checked(outcome: Outcome): Outcome {
  const flaw = flawOf(outcome);
  if (flaw === undefined) return outcome;
  throw new PlbaError('OPTION_INVALID', `${outcome.kind}(): ${flaw.what}`, { hint: flaw.hint });
}
