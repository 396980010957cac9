import type { Middleware } from 'koa';
import type { Authenticator, Caller } from './authority.js';
import { type BodyFields, readFields, requireFields } from '../request/body-fields.js';
import { announcesBody, checkBodyHeaders, decodeUtf8, readBody } from '../request/body-reader.js';
import type { ControlLimits } from '../control-settings.js';
import type { Gate } from './gate.js';
import { guardHeaders } from './guard-headers.js';
import { readJson } from '../request/json-reader.js';
import { isLookAllowed, isOriginAllowed } from './origin-rules.js';
import { Refusal } from '../refusal.js';
import type { Route } from '../route.js';
import { findRoute, type RouteMatch } from '../router.js';

/** What is known about a request. Each guard may rely on what those before it have found. */
export interface ControlState {
  caller?: Caller;
  match?: RouteMatch;
  body?: BodyFields;
  /** What a change is about, as it was before, for a caller that may change it. */
  before?: unknown;
  /** What was changed, where the route has said it itself. */
  change?: { readonly before: unknown; readonly after: unknown };
  /** All guards have let it pass, and the route was asked. */
  isHandled?: boolean;
  /** What goes on after the answer. */
  pending?: Promise<unknown>;
}

/** One thing that is looked at before a route is asked. Throws what is wrong. */
export type Guard = Middleware<ControlState>;

/** Tells who asks, and refuses requests that are meant for another host. */
export function guardHost(gate: Gate): Guard {
  return async ({ req: request, state }, next) => {
    const { host, authorization, isAmbiguous } = guardHeaders(request.rawHeaders);
    if (isAmbiguous)
      throw new Refusal('CONTROL_REQUEST_MALFORMED', 'the request has two of a header that there is one of');
    if (!gate.isMeant(host))
      throw new Refusal('CONTROL_HOST_REFUSED', 'the control plane does not answer for this host', {
        hint: 'use localhost or 127.0.0.1 with the port it listens on, or add the host to plba.control.hosts',
      });
    const caller = gate.greet(request, authorization);
    state.caller = caller;
    await gate.slow(request, caller);
    await next();
  };
}

/** Finds the route. */
export function guardRoute(routes: readonly Route[]): Guard {
  return async (context, next) => {
    context.state.match = findRoute(routes, context.method, context.req.url ?? '');
    await next();
  };
}

/** Refuses what a page of another origin asks for: every change, and every read but that of a person who follows a link. */
export function guardOrigin(): Guard {
  return async (context, next) => {
    const { host, origin, 'sec-fetch-site': fetchSite, 'sec-fetch-mode': fetchMode } = context.req.headers;
    const isAllowed = isChange(context.state)
      ? isOriginAllowed({ origin, fetchSite, host })
      : isLookAllowed({ fetchSite, fetchMode });
    if (!isAllowed) throw new Refusal('CONTROL_ORIGIN_REFUSED', 'a page of another origin may not ask for this');
    await next();
  };
}

/** Refuses callers that may not do what the route does. */
export function guardAuthority(authenticator: Authenticator): Guard {
  return async ({ state }, next) => {
    const { caller, match } = found(state);
    authenticator.require(caller, match.route.authority);
    await next();
  };
}

/**
 * Reads and checks the body, to its end even where the route takes none, so that nothing is answered or done for a request
 * that is not whole. Who only looks has nothing to send.
 */
export function guardBody(limits: ControlLimits): Guard {
  return async ({ req: request, res: response, state }, next) => {
    if (isChange(state)) {
      checkBodyHeaders(request.headers, limits.maxBodyBytes);
      if (request.headers.expect !== undefined && request.httpVersion === '1.1') response.writeContinue();
      const bytes = await readBody(request, limits.maxBodyBytes);
      const { body: kinds = {}, required = [] } = found(state).match.route;
      const fields = bytes.length === 0 ? {} : readFields(kinds, readJson(decodeUtf8(bytes), limits.maxBodyDepth));
      requireFields(required, fields);
      state.body = fields;
    } else if (announcesBody(request.headers)) {
      throw new Refusal('CONTROL_BODY_INVALID', 'this route takes no body');
    }
    await next();
  };
}

/** Who asks and for which route, for what comes after the guards that find that out. */
export function found(state: ControlState): { caller: Caller; match: RouteMatch } {
  const { caller, match } = state;
  if (caller === undefined || match === undefined) throw new Error('a guard is missing before this one');
  return { caller, match };
}

function isChange(state: ControlState): boolean {
  return state.match !== undefined && state.match.route.method !== 'GET';
}
