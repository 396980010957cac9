import type { Middleware } from 'koa';
import type { Logger } from '../contracts/logger.js';
import { summarizeError } from '../plain/error-summary.js';
import { clip } from '../plain/plain-value.js';
import type { Authenticator, Caller } from './authority.js';
import { type BodyFields, readFields } from './body-fields.js';
import { announcesBody, checkBodyHeaders, decodeUtf8, readBody } from './body-reader.js';
import type { ControlLimits } from './control-settings.js';
import { guardHeaders } from './guard-headers.js';
import { type HostRule, isHostAllowed } from './host-rules.js';
import { readJson } from './json-reader.js';
import { isOriginAllowed } from './origin-rules.js';
import { Refusal } from './refusal.js';
import type { Route } from './route.js';
import { findRoute, type RouteMatch } from './router.js';

/** What is known about a request. Each guard may rely on what those before it have found. */
export interface ControlState {
  caller?: Caller;
  match?: RouteMatch;
  body?: BodyFields;
}

/** One thing that is looked at before a route is asked. Throws what is wrong. */
export type Guard = Middleware<ControlState>;

/** Tells who asks, and refuses requests that are meant for another host. */
export function guardHost(rule: HostRule, authenticator: Authenticator): Guard {
  return async (context, next) => {
    const { host, authorization, isAmbiguous } = guardHeaders(context.req.rawHeaders);
    if (isAmbiguous)
      throw new Refusal('CONTROL_REQUEST_MALFORMED', 'the request has two of a header that there is one of');
    if (!isHostAllowed(rule, host))
      throw new Refusal('CONTROL_HOST_REFUSED', 'the control plane does not answer for this host', {
        hint: 'use localhost or 127.0.0.1 with the port it listens on; for others see plba.control.host',
      });
    context.state.caller = authenticator.identify(authorization, context.req.socket.remoteAddress);
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

/** Refuses changes that a page of another origin asks for. */
export function guardOrigin(): Guard {
  return async (context, next) => {
    const { host, origin, 'sec-fetch-site': fetchSite } = context.req.headers;
    if (isChange(context.state) && !isOriginAllowed({ origin, fetchSite, host }))
      throw new Refusal('CONTROL_ORIGIN_REFUSED', 'a page of another origin may not ask for this');
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
      const fields = found(state).match.route.body ?? {};
      state.body = bytes.length === 0 ? {} : readFields(fields, readJson(decodeUtf8(bytes), limits.maxBodyDepth));
    } else if (announcesBody(request.headers)) {
      throw new Refusal('CONTROL_BODY_INVALID', 'this route takes no body');
    }
    await next();
  };
}

/** Writes down each change that was asked for, done or refused: who, what, why, and how it went. */
export function recordChanges(log: Logger): Guard {
  return async ({ req: request, state }, next) => {
    const change = (): object => ({
      who: state.caller?.who,
      request: clip(`${request.method ?? ''} ${request.url ?? ''}`, 300),
      reason: state.body?.['reason'],
    });
    try {
      await next();
    } catch (error) {
      if (isChange(state)) log.warn({ ...change(), error: summarizeError(error) }, 'a change was refused or failed');
      throw error;
    }
    if (isChange(state)) log.info(change(), 'a change was made');
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
