import type { Outcome } from '../contracts/outcome.js';
import type { ErrorClass } from '../contracts/worker.js';
import { PlbaError } from '../errors.js';
import { summarizeError } from '../plain/error-summary.js';
import { flawOf } from './outcome-flaw.js';
import { blocked, failed, fatal, worked } from './outcomes.js';

/** The outcome of work that returned `result`: nothing is `worked`, and what is no sound outcome is `failed`. */
export function outcomeOf(result: unknown): Outcome {
  if (result === undefined) return worked();
  const flaw = flawOf(result);
  if (flaw === undefined) return result as Outcome;
  const { message } = summarizeError(result);
  return failed(
    new PlbaError('OUTCOME_INVALID', `a run answered something that is no outcome: ${message} (${flaw.what})`, {
      hint: flaw.hint,
    }),
  );
}

/** The outcome of work that threw, as the worker's `classify` sees it. A `classify` that breaks makes it `failed`. */
export function outcomeOfThrow(thrown: unknown, classify: (error: unknown) => ErrorClass): Outcome {
  let answer: unknown;
  try {
    answer = classify(thrown);
  } catch (error) {
    return failed(classifyInvalid(`threw: ${summarizeError(error).message}`, thrown));
  }
  switch (answer) {
    case 'blocked':
      return blocked(summarizeError(thrown).message);
    case 'failed':
      return failed(thrown);
    case 'fatal':
      return fatal(thrown);
    default:
      return failed(classifyInvalid(`answered ${summarizeError(answer).message}`, thrown));
  }
}

/** What there is to say about an outcome that is no success: its reason, or the message of its error. */
export function problemOf(outcome: Outcome): string | undefined {
  switch (outcome.kind) {
    case 'worked':
    case 'idle':
      return undefined;
    case 'partial':
    case 'blocked':
      return outcome.reason;
    case 'failed':
    case 'fatal':
      return summarizeError(outcome.error).message;
  }
}

function classifyInvalid(what: string, about: unknown): PlbaError {
  return new PlbaError('CLASSIFY_INVALID', `classify() ${what}; it was asked about: ${summarizeError(about).message}`, {
    hint: 'let it answer blocked, failed or fatal for whatever is thrown',
    cause: about,
  });
}
