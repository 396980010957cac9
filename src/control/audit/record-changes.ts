import type { Context, Middleware } from 'koa';
import { PlbaError } from '../../errors.js';
import { clip, plainValue } from '../../plain/plain-value.js';
import type { AuditTrail } from './audit-trail.js';
import { isLine } from '../request/body-fields.js';
import { type ControlState, found, type Guard } from '../door/guards.js';
import { isFailure } from '../problem.js';
import type { Route } from '../route.js';
import { findRoute, type RouteMatch } from '../router.js';

/**
 * Writes down each change that was asked for, done or refused, once: who, what, why, what was before and is after, and how it
 * went. One that goes on after it was answered is written down when it has ended.
 */
export function recordChanges(trail: AuditTrail, routes: readonly Route[]): Middleware<ControlState> {
  return async (context, next) => {
    const match = matchOf(routes, context);
    if (match === undefined || match.route.method === 'GET') {
      await next();
      return;
    }
    const record = (error?: unknown): void => {
      const { before } = context.state;
      const after = before === undefined ? undefined : stateOf(match);
      trail.record({
        who: context.state.caller?.who ?? `anonymous@${context.req.socket.remoteAddress ?? 'unknown'}`,
        what: clip(`${match.route.method} ${context.path}`, 300),
        ...said(match.route, context),
        ...(before !== undefined && { before }),
        ...(after !== undefined && { after }),
        ...(error === undefined ? { result: 'done' } : howItEnded(error, context.state)),
      });
    };
    try {
      await next();
    } catch (error) {
      record(error);
      throw error;
    }
    const { pending } = context.state;
    if (pending === undefined) record();
    else
      void pending.then(() => {
        record();
      }, record);
  };
}

/**
 * Asks what is before a change. Comes after the guard of authority: what an application says about itself is not asked for by
 * whoever reaches the port.
 */
export function askBefore(): Guard {
  return async ({ state }, next) => {
    const { match } = found(state);
    if (match.route.method !== 'GET') state.before = stateOf(match);
    await next();
  };
}

function matchOf(routes: readonly Route[], { method, req }: Context): RouteMatch | undefined {
  try {
    return findRoute(routes, method, req.url ?? '');
  } catch {
    // No route changes anything then; the guards say what is wrong.
    return undefined;
  }
}

function stateOf({ route, parameters }: RouteMatch): unknown {
  try {
    return plainValue(route.state?.(parameters));
  } catch {
    return undefined;
  }
}

function said(
  route: Route,
  context: Context & { state: ControlState },
): { fields?: Readonly<Record<string, unknown>>; reason?: string } {
  const { reason: inBody, ...fields } = route.body === 'object' ? {} : (context.state.body ?? {});
  const reason = typeof inBody === 'string' ? inBody : fromHeader(context.get('X-Reason'));
  return {
    ...(Object.keys(fields).length > 0 && { fields }),
    ...(reason !== undefined && { reason }),
  };
}

/** Node hands over a header's bytes as latin1 characters; people write UTF-8. */
function fromHeader(header: string): string | undefined {
  const text = Buffer.from(header, 'latin1').toString('utf8');
  return isLine(text) ? text : undefined;
}

function howItEnded(error: unknown, state: ControlState): { result: 'refused' | 'failed'; code?: PlbaError['code'] } {
  const result = state.isHandled === true && isFailure(error) ? 'failed' : 'refused';
  return { result, ...(error instanceof PlbaError && { code: error.code }) };
}
