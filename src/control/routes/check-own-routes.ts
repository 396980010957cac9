import { nearest } from '../../config/key-names.js';
import type { ControlRouteOptions } from '../../contracts/control-route.js';
import { type ErrorCode, errorCatalogue, PlbaError } from '../../errors.js';
import { parseDuration } from '../../time/duration.js';
import { platformRequests } from './routes.js';

/** A control route of an application, and where it comes from, for people: `class Balance of module "ledger"`. */
export interface OwnRequest {
  readonly options: ControlRouteOptions;
  readonly owner: string;
}

/**
 * Refuses routes that cannot work, and those that answer what another route answers already. Two routes may have the same
 * path only with different methods: where paths merely overlap (`/a/<name>` and `/a/b`), it would depend on their order who
 * answers.
 *
 * @throws PlbaError `CONTROL_ROUTE_INVALID`, `CONTROL_ROUTE_DUPLICATE` that names both
 */
export function checkOwnRoutes(own: readonly OwnRequest[]): void {
  const known = platformRequests().map(({ method, path }) => ({ method, path, owner: 'the platform' }));
  for (const { options, owner } of own) {
    const wrong = whatIsWrong(options);
    if (wrong !== undefined) throw invalid(options, owner, wrong);
    const { method, path } = options;
    const other = known.find((each) => overlap(each.path, path) && (each.path !== path || each.method === method));
    if (other !== undefined) throw duplicate(options, owner, other);
    known.push({ method, path, owner });
  }
}

/** Whether a text is one of the codes that a `PlbaError` may have. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCatalogue, code);
}

const part = /^([A-Za-z0-9_~-][A-Za-z0-9._~-]*|<[a-z][A-Za-z0-9]*>)$/;
const methods: readonly string[] = ['GET', 'POST', 'PUT'];
const authorities: readonly string[] = ['probe', 'read', 'operate'];

const known: Readonly<Record<keyof ControlRouteOptions, true>> = {
  method: true,
  path: true,
  authority: true,
  summary: true,
  body: true,
  required: true,
  query: true,
  answers: true,
  refusals: true,
  timeout: true,
};

function whatIsWrong(options: ControlRouteOptions): string | undefined {
  const strange = Object.keys(options).find((key) => !Object.hasOwn(known, key));
  if (strange !== undefined) {
    const near = nearest(strange, Object.keys(known));
    return `it has an option "${strange}", which is unknown${near === undefined ? '' : `; did you mean ${near}?`}`;
  }
  const { method, path, authority, body, required = [], answers = { 200: {} } } = options;
  if (!methods.includes(method)) return `its method must be one of ${methods.join(', ')}`;
  if (!authorities.includes(authority)) return `its authority must be one of ${authorities.join(', ')}`;
  if (method !== 'GET' && authority !== 'operate') return 'it changes something, so its authority must be operate';
  const [root, ...parts] = path.split('/');
  if (root !== '' || parts.length === 0 || !parts.every((each) => part.test(each)))
    return 'its path must be like /ledgers/<name>/balance: no slash at the end, letters, digits, - _ . and ~';
  if (new Set(parts.filter((each) => each.startsWith('<'))).size < parts.filter((each) => each.startsWith('<')).length)
    return 'its path has two open parts of the same name';
  if (method === 'GET' && body !== undefined) return 'GET takes no body';
  const unknown = body === 'object' ? undefined : required.find((name) => !Object.hasOwn(body ?? {}, name));
  if (unknown !== undefined) return `it requires "${unknown}", which is no field of its body`;
  const badTimeout = whatIsWrongWith(options.timeout);
  if (badTimeout !== undefined) return badTimeout;
  const unraised = options.refusals?.find((code) => !isErrorCode(code));
  if (unraised !== undefined) return `it refuses with "${unraised}", which is no code of docs/errors.md`;
  const statuses = Object.keys(answers).map(Number);
  const odd = statuses.find((status) => ![200, 201, 202].includes(status) && !(status >= 400 && status <= 599));
  if (statuses.length === 0 || odd !== undefined)
    return 'the statuses that it answers must be 200, 201, 202, or from 400 to 599';
  return undefined;
}

function whatIsWrongWith(timeout: ControlRouteOptions['timeout']): string | undefined {
  try {
    return timeout === undefined || parseDuration(timeout, 'timeout') > 0 ? undefined : 'its timeout must be above 0';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Whether there is a path that fits both. */
function overlap(one: string, other: string): boolean {
  const [a, b] = [one.split('/'), other.split('/')];
  const isOpen = (each: string | undefined): boolean => each?.startsWith('<') === true;
  return (
    a.length === b.length &&
    a.every((each, at) => each === b[at] || (isOpen(each) && b[at] !== '') || (isOpen(b[at]) && each !== ''))
  );
}

function invalid({ method, path }: ControlRouteOptions, owner: string, wrong: string): PlbaError {
  return new PlbaError('CONTROL_ROUTE_INVALID', `the control route ${method} ${path} (${owner}) cannot work: ${wrong}`);
}

function duplicate(
  { method, path }: ControlRouteOptions,
  owner: string,
  other: { readonly method: string; readonly path: string; readonly owner: string },
): PlbaError {
  return new PlbaError(
    'CONTROL_ROUTE_DUPLICATE',
    `the control route ${method} ${path} (${owner}) answers what ${other.method} ${other.path} (${other.owner}) answers`,
    { hint: 'give it another path, such as one that begins with the name of its module' },
  );
}
