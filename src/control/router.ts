import { Refusal } from './refusal.js';
import type { Route } from './route.js';

/** A route that was found, with the open parts of its path. */
export interface RouteMatch {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Finds the route for a request. Paths are matched exactly: their case counts, so does a slash at the end, nothing is
 * collapsed and only open parts are decoded. `HEAD` is answered where `GET` is. A query is ignored.
 *
 * @param url what stands in the request line
 * @param read what an open part stands for. Default: it is decoded
 * @throws Refusal `CONTROL_ROUTE_UNKNOWN`; `CONTROL_METHOD_REFUSED` with `Allow`; `CONTROL_REQUEST_MALFORMED` for an open
 *   part that cannot be decoded
 */
export function findRoute(routes: readonly Route[], method: string, url: string, read = decode): RouteMatch {
  const segments = pathOf(url).split('/');
  const here = routes.filter((route) => fits(route.path.split('/'), segments));
  if (here.length === 0) throw unknownPath();
  const wanted = method === 'HEAD' ? 'GET' : method;
  const route = here.find((candidate) => candidate.method === wanted);
  if (route === undefined) throw methodRefused(method, here);
  return { route, parameters: readParameters(route.path.split('/'), segments, read) };
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  if (pattern.length !== segments.length) return false;
  return pattern.every((part, index) => (isOpen(part) ? segments[index] !== '' : segments[index] === part));
}

function readParameters(
  pattern: readonly string[],
  segments: readonly string[],
  read: (segment: string) => string,
): Record<string, string> {
  const parameters = Object.create(null) as Record<string, string>;
  pattern.forEach((part, index) => {
    if (isOpen(part)) parameters[part.slice(1, -1)] = read(segments[index] ?? '');
  });
  return parameters;
}

function isOpen(part: string): boolean {
  return part.startsWith('<');
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (cause) {
    throw new Refusal('CONTROL_REQUEST_MALFORMED', 'the path has a part that is not percent-encoded UTF-8', { cause });
  }
}

function unknownPath(): Refusal {
  return new Refusal('CONTROL_ROUTE_UNKNOWN', 'there is no such route', {
    hint: 'docs/control-plane.md lists the routes; case counts, and so does a slash at the end',
  });
}

function methodRefused(method: string, here: readonly Route[]): Refusal {
  const allowed = here.flatMap((route) => (route.method === 'GET' ? ['GET', 'HEAD'] : [route.method])).join(', ');
  return new Refusal('CONTROL_METHOD_REFUSED', `this route does not take ${method}`, {
    hint: `it takes ${allowed}`,
    headers: { Allow: allowed },
  });
}
