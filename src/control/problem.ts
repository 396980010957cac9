import { type ErrorCode, errorCatalogue, PlbaError } from '../errors.js';
import { type Answer, guardingHeaders } from './answer.js';
import type { ToJson } from './json-text.js';
import { Refusal } from './refusal.js';

/** The status that goes with a code; every other code is 500. */
const statusOf: Readonly<Partial<Record<ErrorCode, number>>> = {
  APPLICATION_STATE: 409,
  CONTROL_ATTEMPTS_EXCEEDED: 429,
  CONFIG_INVALID: 422,
  CONTROL_BODY_INVALID: 400,
  CONTROL_BODY_TOO_LARGE: 413,
  CONTROL_FORBIDDEN: 403,
  // As in RFC 9110: the request has come to a server that does not answer for this host.
  CONTROL_HOST_REFUSED: 421,
  CONTROL_MEDIA_TYPE_REFUSED: 415,
  CONTROL_METHOD_REFUSED: 405,
  CONTROL_ORIGIN_REFUSED: 403,
  CONTROL_QUERY_INVALID: 400,
  CONTROL_REQUEST_MALFORMED: 400,
  CONTROL_REQUEST_TIMED_OUT: 408,
  CONTROL_ROUTE_UNFINISHED: 503,
  CONTROL_ROUTE_UNKNOWN: 404,
  CONTROL_STOPPING: 503,
  CONTROL_STREAM_UNAVAILABLE: 503,
  CONTROL_UNAUTHORIZED: 401,
  DURATION_INVALID: 400,
  HEALTH_GROUP_UNKNOWN: 404,
  LOGGER_UNKNOWN: 404,
  LOG_LEVEL_INVALID: 400,
  RUN_ABORTED: 409,
  RUN_OVERLAP: 409,
  RUN_UNKNOWN: 404,
  START_ABORTED: 503,
  TRACE_UNKNOWN: 404,
  WORKER_CONFLICT: 409,
  WORKER_UNKNOWN: 404,
};

/** The status that a code is answered with. */
export function statusOfCode(code: ErrorCode): number {
  return statusOf[code] ?? 500;
}

/**
 * Answers an error with a problem of RFC 9457: the catalogue's sentence for its code as title, its message as detail.
 *
 * An error without a code of ours says nothing about itself to the outside: what it says is for the log.
 */
export function problemAnswer(error: unknown, toJson: ToJson): Answer {
  const problem = error instanceof PlbaError ? error : failed();
  const refusal = problem instanceof Refusal ? problem : undefined;
  const status = refusal?.status ?? statusOfCode(problem.code);
  const body = toJson({
    type: `urn:plba:error:${problem.code}`,
    title: errorCatalogue[problem.code],
    status,
    detail: problem.message,
    code: problem.code,
    hint: problem.hint,
    ...refusal?.facts,
  });
  return {
    status,
    headers: { 'Content-Type': 'application/problem+json', ...guardingHeaders, ...refusal?.headers },
    body,
  };
}

/** Whether an error is the control plane's own failure, for the log, and no refusal of a request. */
export function isFailure(error: unknown): boolean {
  if (!(error instanceof PlbaError) || error.code === 'CONTROL_ROUTE_UNFINISHED') return true;
  return !(error instanceof Refusal) && statusOf[error.code] === undefined;
}

function failed(): PlbaError {
  return new PlbaError('CONTROL_FAILED', 'the control plane could not answer this', { hint: 'the log has the cause' });
}
