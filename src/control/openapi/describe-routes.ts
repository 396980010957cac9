import type { JsonSchema } from '../../contracts/control-route.js';
import type { Route } from '../route.js';
import { describeAnswers, withoutBodies } from './describe-answers.js';
import { describeBody } from './describe-body.js';
import { schemas } from './schemas.js';

/** What a description says besides the routes. */
export interface DescribedApplication {
  readonly application: string;
  /** Of PLBA. */
  readonly version: string;
}

/** The description of a control plane as OpenAPI 3.1, derived from its routes: there is none that is not in it. */
export function describeRoutes(routes: readonly Route[], { application, version }: DescribedApplication): JsonSchema {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of routes) {
    const item = (paths[templateOf(route.path)] ??= {});
    const operation = describeRoute(route);
    item[route.method.toLowerCase()] = operation;
    if (route.method === 'GET') item['head'] = headOf(operation);
  }
  return {
    openapi: '3.1.1',
    info: {
      title: `control plane of ${application}`,
      version,
      summary: 'Looks into a running application, and steers it.',
      description:
        'What a caller must be allowed to do stands with each route as the role of its token: each of probe, read and ' +
        'operate includes the ones before. Without any token configured, reads are open on loopback and changes are ' +
        'refused; the Unix socket needs none. What goes wrong is a problem of RFC 9457. Besides what stands here, every ' +
        'path may answer 404 where there is no such route (at an address for probes, that is everything but health) and 405 ' +
        'where it does not take the method.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'where this description came from' }],
    tags: [...new Set(routes.map(tagOf))].map((name) => ({
      name,
      description: subjects[name] ?? `${name}, of ${application}`,
    })),
    paths,
    components: {
      schemas: usedSchemas(paths),
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'a token of plba.control.tokens' } },
    },
  };
}

function describeRoute(route: Route): JsonSchema {
  const parameters = parametersOf(route);
  return {
    operationId: operationIdOf(route),
    summary: route.summary,
    tags: [tagOf(route)],
    security: securityOf(route),
    ...(parameters.length > 0 && { parameters }),
    ...(route.method !== 'GET' && { requestBody: describeBody(route) }),
    responses: describeAnswers(route),
  };
}

/** Of a `GET`: the same parameters and statuses, no body. */
function headOf(get: JsonSchema): JsonSchema {
  const { operationId, responses } = get;
  return { ...get, operationId: `${String(operationId)}Head`, responses: withoutBodies(responses as JsonSchema) };
}

function parametersOf({ path, parts = {}, query = {}, headers = {}, method, watchAt }: Route): readonly JsonSchema[] {
  const text = { type: 'string' };
  const described = (place: string, entries: Readonly<Record<string, string>>): JsonSchema[] =>
    Object.entries(entries).map(([name, description]) => ({ name, in: place, description, schema: text }));
  const open = path.split('/').filter((part) => part.startsWith('<'));
  return [
    ...open.map((part) => {
      const name = part.slice(1, -1);
      return {
        name,
        in: 'path',
        required: true,
        description: parts[name] ?? `the ${name}`,
        schema: { ...text, minLength: 1 },
      };
    }),
    ...described('query', query),
    ...described('header', headers),
    ...(method === 'GET'
      ? []
      : described('header', { 'X-Reason': 'why, for the audit, where the body does not say it' })),
    ...(watchAt === undefined ? [] : described('header', { Prefer: 'respond-async: the end is not waited for' })),
  ];
}

/** Roles of a bearer token, as OpenAPI 3.1 allows them beside scopes. */
function securityOf({ authority }: Route): readonly JsonSchema[] {
  if (authority === 'open') return [{}];
  return authority === 'probe' ? [{}, { token: ['probe'] }] : [{ token: [authority] }];
}

/** `/workers/<name>` as a template of OpenAPI. */
function templateOf(path: string): string {
  return path.replaceAll('<', '{').replaceAll('>', '}');
}

/** What the platform's routes are about, by the first part of their path. */
const subjects: Readonly<Record<string, string>> = {
  console: 'a page that shows all of it live',
  health: 'how the application is, for probes and for people',
  status: 'the application as a whole',
  workers: 'the workers, their runs, and what can be done to them',
  traces: 'what was done in the last runs',
  metrics: 'figures for a monitoring system',
  loggers: 'levels of logging',
  config: 'the configuration in force',
  events: 'what happens, as it happens',
  audit: 'who has changed what',
  shutdown: 'the end',
  openapi: 'this description',
};

function tagOf({ path }: Route): string {
  const [, first = ''] = path.split('/');
  return first === '' ? 'console' : first.replace('.json', '').replaceAll(/[<>]/g, '');
}

/** `getWorkersNameRuns` for `GET /workers/<name>/runs`. */
function operationIdOf({ method, path }: Route): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return [method.toLowerCase(), ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('');
}

/** The schemas that routes lead to, directly or by others. */
function usedSchemas(paths: object): JsonSchema {
  const used = new Map<string, JsonSchema>();
  const follow = (value: object): void => {
    for (const [, name = ''] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      const schema = (schemas as Readonly<Record<string, JsonSchema>>)[name];
      if (schema === undefined || used.has(name)) continue;
      used.set(name, schema);
      follow(schema);
    }
  };
  follow(paths);
  return Object.fromEntries([...used].sort(([a], [b]) => (a < b ? -1 : 1)));
}
