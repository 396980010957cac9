import { summarizeError } from '../plain/error-summary.js';

/** What is wrong with an outcome, and what to give instead. */
export interface OutcomeFlaw {
  readonly what: string;
  readonly hint: string;
}

/**
 * What is wrong with something that should be an outcome; undefined when it is one. Types do not hold where a value comes from
 * a `catch` or from JavaScript, and whatever a run answers must be fit for ledger, metrics and health.
 */
export function flawOf(value: unknown): OutcomeFlaw | undefined {
  if (typeof value !== 'object' || value === null) return noOutcome;
  const outcome = value as Readonly<Record<string, unknown>>;
  switch (outcome['kind']) {
    case 'worked':
      return outcome['items'] === undefined ? undefined : flawOfCount('items', outcome['items']);
    case 'idle':
    case 'failed':
    case 'fatal':
      return undefined;
    case 'partial':
      return (
        flawOfCount('done', outcome['done']) ??
        flawOfCount('rejected', outcome['rejected']) ??
        flawOfReason(outcome['reason'])
      );
    case 'blocked':
      return flawOfReason(outcome['reason']) ?? flawOfWait(outcome['retryInMs']);
    default:
      return noOutcome;
  }
}

const noOutcome: OutcomeFlaw = {
  what: 'it is none',
  hint: 'answer nothing, or what worked(), idle(), partial(), blocked(), failed() or fatal() makes',
};

function flawOfCount(name: string, count: unknown): OutcomeFlaw | undefined {
  if (Number.isSafeInteger(count) && (count as number) >= 0) return undefined;
  return { what: `${name} is ${say(count)}`, hint: 'give a count: 0, 1, 2 …' };
}

function flawOfReason(reason: unknown): OutcomeFlaw | undefined {
  if (typeof reason === 'string') return undefined;
  return {
    what: `the reason is ${say(reason)}`,
    hint: 'give a text that a person on call understands; what was thrown may be no Error and have no message',
  };
}

function flawOfWait(waitMs: unknown): OutcomeFlaw | undefined {
  if (waitMs === undefined || (Number.isFinite(waitMs) && (waitMs as number) >= 0)) return undefined;
  return { what: `retryInMs is ${say(waitMs)}`, hint: 'give milliseconds, 0 or more' };
}

function say(value: unknown): string {
  return summarizeError(value).message;
}
