import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { IncomingHttpHeaders } from 'node:http';
import type { Route } from '../../src/control/route.js';
import { findRoute } from '../../src/control/router.js';
import { describeRoutes } from '../../src/control/openapi/describe-routes.js';
import { platformRoutes } from '../fakes/platform-routes.js';

type Schema = Readonly<Record<string, unknown>>;
type Responses = Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>>;

/** An answer of a control plane, with the request line that it was for. */
export interface DescribedAnswer {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Says of answers whether they are as `GET /openapi.json` describes them. */
export class Description {
  readonly document: Schema;
  readonly #routes: readonly Route[];
  readonly #ajv = addFormats(new Ajv2020({ strict: false, allErrors: true }));
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(routes: readonly Route[]) {
    this.#routes = routes;
    this.document = describeRoutes(routes, { application: 'invoices', version: '0.1.0' });
    this.#ajv.addSchema(closed(this.document) as Schema, 'control-plane');
  }

  /** Throws what is not as it is described. */
  check(answer: DescribedAnswer): void {
    const wrong = this.#whatIsWrong(answer);
    if (wrong === undefined) return;
    const { method, path, status, text } = answer;
    throw new Error(
      `${method} ${path} is answered with ${status} in a way that is not described: ${wrong}\n${text.slice(0, 2_000)}`,
    );
  }

  #whatIsWrong({ method, path, status, headers, text }: DescribedAnswer): string | undefined {
    const type = String(headers['content-type']).split(';')[0] ?? '';
    const route = this.#find(method, path);
    if (route === undefined) {
      // Where there is no such route or method, or an open part that cannot be read.
      if (![400, 404, 405, 421].includes(status))
        return `there is no such route, and the status is not 404, 405, 400 or 421`;
      return method === 'HEAD' ? undefined : this.#invalid(['components', 'schemas', 'Problem'], text);
    }
    const verb = method === 'HEAD' ? 'get' : method.toLowerCase();
    const at = ['paths', route.path.replaceAll('<', '{').replaceAll('>', '}'), verb, 'responses'];
    const responses = at.reduce<unknown>((value, key) => (value as Schema)[key], this.document) as Responses;
    const response = responses[status];
    if (response === undefined) return `the statuses are ${Object.keys(responses).join(', ')}`;
    if (response.content?.[type] === undefined)
      return `the types are ${Object.keys(response.content ?? {}).join(', ')}`;
    if (method === 'HEAD' || !type.endsWith('json')) return undefined;
    return this.#invalid([...at, String(status), 'content', type, 'schema'], text);
  }

  #find(method: string, path: string): Route | undefined {
    try {
      return findRoute(this.#routes, method, path).route;
    } catch {
      return undefined;
    }
  }

  #invalid(pointer: readonly string[], text: string): string | undefined {
    const key = pointer
      .map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1'))
      .map(encodeURIComponent)
      .join('/');
    let validate = this.#validators.get(key);
    if (validate === undefined) {
      validate = this.#ajv.compile({ $ref: `control-plane#/${key}` });
      this.#validators.set(key, validate);
    }
    return validate(JSON.parse(text)) ? undefined : this.#ajv.errorsText(validate.errors);
  }
}

/** What says of an answer whether it is as it should be. */
type Checks = Pick<Description, 'check'>;

const threadStatus = { enum: ['ok', 'degraded', 'unhealthy', 'pass', 'warn', 'fail', 'UP', 'DOWN'] };
const isOfThread = new Ajv2020().compile({
  type: 'object',
  required: ['status'],
  additionalProperties: false,
  properties: {
    status: threadStatus,
    since: { type: 'string' },
    reason: { enum: ['starting', 'stopping', 'blocked'] },
    output: { enum: ['starting', 'stopping', 'blocked'] },
    checks: { type: 'array' },
    eventLoop: { type: 'object', required: ['blockedMs'], properties: { blockedMs: { type: 'integer' } } },
  },
});

/** A thread for probes says less than the control plane, which describes nothing but itself. */
const ofThread: Checks = {
  check({ path, status, text }) {
    if (![200, 503].includes(status) || text === '' || isOfThread(JSON.parse(text))) return;
    throw new Error(`a thread has answered ${path} with ${text}: ${JSON.stringify(isOfThread.errors)}`);
  },
};

const byPort = new Map<number, Checks>();
let ofPlatform: Checks | undefined;

/** Says that the control plane at a port has further routes. */
export function describePort(port: number, further: readonly Route[]): void {
  byPort.set(port, new Description([...platformRoutes(), ...further]));
}

/** Says that a port is an address for probes: all it has is health. */
export function describeProbes(port: number): void {
  const routes = platformRoutes().filter(({ authority }) => authority === 'probe');
  byPort.set(port, new Description(routes.map((route) => ({ ...route, refusals: ['CONTROL_ROUTE_UNKNOWN'] }))));
}

/** Says that a port is that of a thread for probes. */
export function describeProbeThread(port: number): void {
  byPort.set(port, ofThread);
}

/** Throws when the control plane at a port has not answered as it says. */
export function checkDescribed(port: number, answer: DescribedAnswer): void {
  (byPort.get(port) ?? (ofPlatform ??= new Description(platformRoutes()))).check(answer);
}

/**
 * The description with every object closed, so that an answer has nothing that is not described. Clients get it open: later
 * versions may say more.
 */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, closed(each)]));
  const isShape = inner['type'] === 'object' && 'properties' in inner && !('additionalProperties' in inner);
  return isShape ? { ...inner, additionalProperties: false } : inner;
}
