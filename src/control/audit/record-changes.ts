import type { Context, Middleware } from 'koa';
import { PlbaError } from '../../errors.js';
import { clip, plainValue } from '../../plain/plain-value.js';
import type { AuditTrail } from './audit-trail.js';
import { type ControlState, found, type Guard } from '../door/guards.js';
import { isFailure } from '../problem.js';
import { readReason } from '../request/reason.js';
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
      const { state } = context;
      trail.record({
        who: state.caller?.who ?? `anonymous@${context.req.socket.remoteAddress ?? 'unknown'}`,
        what: clip(`${match.route.method} ${context.path}`, 300),
        ...said(match.route, context),
        ...beforeAndAfter(state, match, trail),
        ...(error === undefined ? { result: 'done' } : howItEnded(error, state)),
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

/** Asks what is before a change. Comes after the guard of authority: for who may not make it one look, at the end, is enough. */
export function askBefore(): Guard {
  return async ({ state }, next) => {
    const { match } = found(state);
    if (match.route.method !== 'GET') state.before = stateOf(match);
    await next();
  };
}

function matchOf(routes: readonly Route[], { method, req }: Context): RouteMatch | undefined {
  try {
    return findRoute(routes, method, req.url ?? '', decodeWherePossible);
  } catch {
    // No route changes anything then; the guards say what is wrong.
    return undefined;
  }
}

/** Who asks for a change of something whose name is none has asked for a change. */
function decodeWherePossible(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function beforeAndAfter(
  state: ControlState,
  match: RouteMatch,
  trail: AuditTrail,
): { before?: unknown; after?: unknown } {
  if (state.change !== undefined)
    return present({ before: plainValue(state.change.before), after: plainValue(state.change.after) });
  if ('before' in state) return present({ before: state.before, after: stateOf(match) });
  // Refused on the way in, so nothing has changed.
  const now = trail.mayLook() ? stateOf(match) : undefined;
  return present({ before: now, after: now });
}

function present(both: { before: unknown; after: unknown }): { before?: unknown; after?: unknown } {
  return Object.fromEntries(Object.entries(both).filter(([, value]) => value !== undefined));
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
  const given = route.body === 'object' ? {} : (context.state.body ?? {});
  const fields = Object.fromEntries(Object.entries(given).filter(([name]) => name !== 'reason'));
  const reason = readReason(route, context.state.body, context.get('X-Reason'));
  return {
    ...(Object.keys(fields).length > 0 && { fields }),
    ...(reason !== undefined && { reason }),
  };
}

function howItEnded(error: unknown, state: ControlState): { result: 'refused' | 'failed'; code?: PlbaError['code'] } {
  const result = state.isHandled === true && isFailure(error) ? 'failed' : 'refused';
  return { result, ...(error instanceof PlbaError && { code: error.code }) };
}
