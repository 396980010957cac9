import type { Context } from 'koa';
import type { ControlState } from './door/guards.js';
import type { RouteAnswer, RouteRequest, RouteStream } from './route.js';
import type { RouteMatch } from './router.js';

/**
 * Asks a route, and does not wait for the end of what it does when the client prefers that (`Prefer: respond-async`, RFC
 * 7240): then the answer says where to look. What is refused, or done, at once is answered as ever.
 */
export async function handleAsPreferred(
  context: Context & { state: ControlState },
  { route, parameters }: RouteMatch,
  request: RouteRequest,
): Promise<RouteAnswer | RouteStream> {
  const { watchAt } = route;
  const answer = Promise.resolve(route.handle(request));
  if (watchAt === undefined || !prefersAsync(context.get('Prefer'))) return answer;
  const early = await Promise.race([answer, aMoment()]);
  if (early !== undefined) return early;
  context.state.pending = answer;
  const location = watchAt(parameters);
  return {
    status: 202,
    body: { accepted: true, watch: location },
    headers: { Location: location, 'Preference-Applied': 'respond-async' },
  };
}

function prefersAsync(prefer: string): boolean {
  return prefer.split(',').some((preference) => preference.trim().toLowerCase() === 'respond-async');
}

/** As long as it takes for what happens at once: a few turns of the event loop. */
async function aMoment(): Promise<undefined> {
  for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
  return undefined;
}
