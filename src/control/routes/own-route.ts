import { STATUS_CODES } from 'node:http';
import type { Clock } from '../../contracts/clock.js';
import type { ControlAnswer, ControlRoute, ControlRouteOptions, JsonSchema } from '../../contracts/control-route.js';
import { guardingHeaders } from '../answer.js';
import { parseDuration } from '../../time/duration.js';
import { bounded } from './bounded.js';
import { isErrorCode } from './check-own-routes.js';
import { type ErrorCode, PlbaError } from '../../errors.js';
import type { AnswerForms, Route, RouteAnswer } from '../route.js';

const defaultTimeoutMs = 30_000;

/** A control route of an application, as the control plane takes it. */
export function ownRoute(
  options: ControlRouteOptions,
  instance: ControlRoute,
  className: string,
  clock: Pick<Clock, 'setTimer'>,
): Route {
  const { method, path, authority, query, body = {}, required, answers = { 200: {} } } = options;
  const refusals = (options.refusals ?? []).filter(isErrorCode);
  const name = `${method} ${path}`;
  const limitMs = options.timeout === undefined ? defaultTimeoutMs : parseDuration(options.timeout, 'timeout');
  const isExpected = (code: ErrorCode): boolean => code === 'CONTROL_ROUTE_UNFINISHED' || refusals.includes(code);
  return {
    method,
    path,
    authority,
    summary: options.summary ?? `answered by ${className}`,
    ...(query !== undefined && { query }),
    ...(method !== 'GET' && { body: body === 'object' ? body : { reason: 'text', ...body } }),
    ...(required !== undefined && { required }),
    ...(instance.state !== undefined && { state: (parameters) => instance.state?.(parameters) }),
    answers: Object.fromEntries(
      Object.entries(answers).map(([status, schema]) => [status, formsOf(Number(status), schema)]),
    ),
    refusals: [...refusals, 'CONTROL_ROUTE_UNFINISHED'],
    handle: async (request) => {
      const { parameters, query, body, caller, stopping } = request;
      try {
        const answer = await bounded({ clock, limitMs, stopping, name }, (signal) =>
          instance.handle({ parameters, query, body, who: caller.who, signal }),
        );
        return asRouteAnswer(answer, Object.keys(answers).map(Number), name);
      } catch (error) {
        if (error instanceof PlbaError && isExpected(error.code)) throw error;
        // Not an error with a code of ours: its status would be one that is not described.
        throw new Error(`the control route ${name} failed`, { cause: error });
      }
    },
  };
}

function formsOf(status: number, schema: JsonSchema): AnswerForms {
  if (status < 400) return { 'application/json': schema };
  return { 'application/problem+json': { allOf: [{ $ref: '#/components/schemas/Problem' }, schema] } };
}

function asRouteAnswer(answer: ControlAnswer, statuses: readonly number[], name: string): RouteAnswer {
  if (!isPlain(answer)) throw new Error(`${name} answered with what is no answer`);
  const { status = statuses[0] ?? 200, body = {}, headers } = answer;
  // Bytes would leave as they are, with the secrets in them, and a stream would be written down as an object.
  if (!isPlain(body)) throw new Error(`${name} answered with a body that cannot be made into JSON`);
  const reserved = Object.keys(headers ?? {}).find((header) => isReserved(header.toLowerCase()));
  if (reserved !== undefined)
    throw new Error(`${name} answered with the header ${reserved}, which the platform writes`);
  if (!statuses.includes(status))
    throw new Error(`${name} answered with ${status}; what it says it answers is ${statuses.join(', ')}`);
  if (status < 400) return { status, body, ...(headers && { headers }) };
  return {
    status,
    type: 'application/problem+json',
    body: { type: 'about:blank', title: STATUS_CODES[status] ?? 'refused', ...body, status },
    ...(headers && { headers }),
  };
}

/** Whether it is an object of data. Applications in JavaScript answer whatever they like. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return !ArrayBuffer.isView(value) && !('pipe' in value) && !('getReader' in value);
}

/** How a message is framed and what it may be used for is not up to a route. */
function isReserved(header: string): boolean {
  return header.startsWith('access-control-') || framing.has(header) || guarding.has(header);
}

const framing = new Set(['connection', 'content-length', 'keep-alive', 'trailer', 'transfer-encoding', 'upgrade']);
const guarding = new Set(Object.keys(guardingHeaders).map((header) => header.toLowerCase()));
