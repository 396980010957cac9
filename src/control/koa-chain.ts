import type { RequestListener } from 'node:http';
import type { Context, Middleware } from 'koa';
import type { Logger } from '../contracts/logger.js';
import { type Answer, guardingHeaders } from './answer.js';
import type { AuditTrail } from './audit/audit-trail.js';
import type { Authenticator } from './door/authority.js';
import type { ControlLimits } from './control-settings.js';
import type { Gate } from './door/gate.js';
import {
  type ControlState,
  found,
  guardAuthority,
  guardBody,
  guardHost,
  guardOrigin,
  guardRoute,
} from './door/guards.js';
import type { Scrub, ToJson } from './json-text.js';
import { withRemoteParent } from '../tracing/remote-parent.js';
import { isFailure, problemAnswer } from './problem.js';
import { handleAsPreferred } from './respond-async.js';
import { readReason } from './request/reason.js';
import { readQuery } from './request/query-parameters.js';
import { askBefore, recordChanges } from './audit/record-changes.js';
import type { RequestCounts } from './request-counts.js';
import type { Route, RouteAnswer, RouteStream } from './route.js';

/** What the chain is made of. */
export interface KoaChainParts {
  readonly routes: readonly Route[];
  readonly authenticator: Authenticator;
  readonly gate: Gate;
  readonly limits: ControlLimits;
  readonly log: Logger;
  readonly toJson: ToJson;
  /** Takes secrets out of texts. */
  readonly scrub: Scrub;
  readonly counts: RequestCounts;
  readonly trail: AuditTrail;
  /** Aborts when the control plane goes down. */
  readonly stopping: AbortSignal;
}

/**
 * Makes the chain that a request goes through unless it is a plain probe: guards, then the route.
 *
 * Loads Koa, which takes longer than all else on the way to ready; so it is asked for by the first request that needs it.
 */
export async function loadKoaChain(parts: KoaChainParts): Promise<RequestListener> {
  const { default: Koa } = await import('koa');
  const koa = new Koa<ControlState>();
  // Errors are answered by the first link. What is left are clients that went away, and nobody can do anything about those.
  koa.silent = true;
  koa
    .use(countAnswers(parts.counts))
    .use(answerProblems(parts))
    .use(recordChanges(parts.trail, parts.routes))
    .use(guardHost(parts.gate))
    .use(guardRoute(parts.routes))
    .use(guardOrigin())
    .use(guardAuthority(parts.authenticator))
    .use(askBefore())
    .use(guardBody(parts.limits))
    .use(answerRoute(parts));
  const callback = koa.callback();
  return (request, response) => void callback(request, response);
}

function countAnswers(counts: RequestCounts): Middleware<ControlState> {
  return async (context, next) => {
    await next();
    // An answer that goes on has its status only on the response itself.
    counts.note(context.method, context.state.match?.route.path, context.res.statusCode);
  };
}

function answerProblems({ log, toJson }: KoaChainParts): Middleware<ControlState> {
  return async (context, next) => {
    try {
      await next();
    } catch (error) {
      if (isFailure(error)) log.error({ err: error }, 'the control plane could not answer a request');
      give(context, problemAnswer(error, toJson));
    }
  };
}

function answerRoute(parts: KoaChainParts): Middleware<ControlState> {
  const { limits } = parts;
  return async (context) => {
    const { caller, match } = found(context.state);
    const { socket } = context.req;
    // Nothing moves on the connection while the platform works, for as long as that takes.
    socket.setTimeout(0);
    try {
      const query = readQuery(match.route.query, context.req.url ?? '');
      const { accept } = context.req.headers;
      const { body = {} } = context.state;
      const reason = readReason(match.route, body, context.get('X-Reason'));
      const request = {
        parameters: match.parameters,
        query,
        caller,
        body,
        accept,
        stopping: parts.stopping,
        ...(reason !== undefined && { reason }),
      };
      context.state.isHandled = true;
      const answer = await withRemoteParent(context.req.headers, () => handleAsPreferred(context, match, request));
      if ('open' in answer) open(context, answer);
      else {
        if (answer.change !== undefined) context.state.change = answer.change;
        give(context, asAnswer(answer, parts));
      }
    } finally {
      // An answer that goes on says itself when its reader is too slow.
      if (context.respond !== false) socket.setTimeout(limits.idleTimeoutMs);
    }
  };
}

function asAnswer({ status, body, type, headers }: RouteAnswer, { toJson, scrub }: KoaChainParts): Answer {
  // As bytes, so that while a slow client takes them the text is not kept as well.
  const sent = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? scrub(body) : toJson(body));
  return {
    status,
    headers: { 'Content-Type': type ?? 'application/json', ...guardingHeaders, ...headers },
    body: sent,
  };
}

/** Hands the response over to whoever goes on writing it. */
function open(context: Context, stream: RouteStream): void {
  stream.open(context.res);
  // Koa then leaves the response alone; not when it was refused to be opened.
  context.respond = false;
}

function give(context: Context, answer: Answer): void {
  context.status = answer.status;
  context.set({ ...answer.headers });
  context.body = answer.body;
}
