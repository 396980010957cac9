import type { RequestListener } from 'node:http';
import type { Context, Middleware } from 'koa';
import type { Logger } from '../contracts/logger.js';
import { type Answer, jsonAnswer } from './answer.js';
import type { Authenticator } from './authority.js';
import type { ControlLimits } from './control-settings.js';
import {
  type ControlState,
  found,
  guardAuthority,
  guardBody,
  guardHost,
  guardOrigin,
  guardRoute,
  recordChanges,
} from './guards.js';
import type { HostRule } from './host-rules.js';
import type { ToJson } from './json-text.js';
import { isFailure, problemAnswer } from './problem.js';
import type { Route } from './route.js';

/** What the chain is made of. */
export interface KoaChainParts {
  readonly routes: readonly Route[];
  readonly authenticator: Authenticator;
  readonly hostRule: HostRule;
  readonly limits: ControlLimits;
  readonly log: Logger;
  readonly toJson: ToJson;
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
    .use(answerProblems(parts))
    .use(recordChanges(parts.log))
    .use(guardHost(parts.hostRule, parts.authenticator))
    .use(guardRoute(parts.routes))
    .use(guardOrigin())
    .use(guardAuthority(parts.authenticator))
    .use(guardBody(parts.limits))
    .use(answerRoute(parts));
  const callback = koa.callback();
  return (request, response) => void callback(request, response);
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

function answerRoute({ limits, toJson }: KoaChainParts): Middleware<ControlState> {
  return async (context) => {
    const { caller, match } = found(context.state);
    const { socket } = context.req;
    // Nothing moves on the connection while the platform works, for as long as that takes.
    socket.setTimeout(0);
    try {
      const request = { parameters: match.parameters, caller, body: context.state.body ?? {} };
      const { status, body } = await match.route.handle(request);
      give(context, jsonAnswer(status, Buffer.isBuffer(body) ? body : toJson(body)));
    } finally {
      socket.setTimeout(limits.idleTimeoutMs);
    }
  };
}

function give(context: Context, answer: Answer): void {
  context.status = answer.status;
  context.set({ ...answer.headers });
  context.body = answer.body;
}
