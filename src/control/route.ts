import type { ServerResponse } from 'node:http';
import type { Authority, Caller } from './door/authority.js';
import type { JsonSchema } from '../contracts/control-route.js';
import type { ErrorCode } from '../errors.js';
import type { BodyFields, FieldKinds } from './request/body-fields.js';
import type { SchemaName } from './openapi/schemas.js';

/** What a route is asked. */
export interface RouteRequest {
  /** The parts of the path that the route leaves open, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What the query says, of the parameters that the route takes. */
  readonly query: Readonly<Record<string, string>>;
  /** Who asks. Has the route's authority. */
  readonly caller: Caller;
  /** The fields of the body; empty when there was none. */
  readonly body: BodyFields;
  /** Why a change is asked for, where the caller has said so. */
  readonly reason?: string;
  /** The `Accept` header, for a route that answers in more than one form. */
  readonly accept: string | undefined;
  /** Aborts when the control plane goes down. */
  readonly stopping: AbortSignal;
}

/** What a route answers. */
export interface RouteAnswer {
  readonly status: number;
  /**
   * A value to be made into JSON without secrets; a text, from which secrets are taken; or bytes that are ready to be sent.
   */
  readonly body: Buffer | object | string;
  /** Its media type. Default: `application/json`. */
  readonly type?: string;
  /** Further headers, such as `Location`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What it has changed, for the audit, where that says more than the route's `state` before and after. */
  readonly change?: { readonly before: unknown; readonly after: unknown };
}

/** An answer that goes on: whoever opens it writes it, and ends it. */
export interface RouteStream {
  /** Takes over the response, of which nothing has been sent. */
  open(response: ServerResponse): void;
}

/**
 * The forms of an answer: for each media type a schema of the description by its name, a list of that, or a schema itself.
 */
export type AnswerForms = Readonly<Record<string, SchemaName | readonly [SchemaName] | JsonSchema>>;

/** One thing that can be asked of the control plane. Whatever is to be known about it stands here, not around it. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Literal parts, and open ones in angle brackets: `/workers/<name>/runs`. */
  readonly path: string;
  /** What a caller must be allowed to do. There is no default: a route without it lets nobody in. */
  readonly authority: Authority;
  /** What it answers or does, in a few words. */
  readonly summary: string;
  /** The fields of its body, or `object` for any JSON object. Default: it takes none. */
  readonly body?: FieldKinds | 'object';
  /** Those of the fields without which a body is refused. Default: none. */
  readonly required?: readonly string[];
  /** The open parts of its path, each with what it says. */
  readonly parts?: Readonly<Record<string, string>>;
  /** The headers of its own that it looks at, each with what it says. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The parameters of its query, each with what it says. An unknown one is refused. Default: a query is ignored. */
  readonly query?: Readonly<Record<string, string>>;
  /** What a change is about, as it is now: for the audit, which asks before and after. */
  readonly state?: (parameters: Readonly<Record<string, string>>) => unknown;
  /** Where to look for how a change goes on, for `Prefer: respond-async`. Default: it is waited for whatever is preferred. */
  readonly watchAt?: (parameters: Readonly<Record<string, string>>) => string;
  /** What it answers, by status, when nothing is wrong. */
  readonly answers: Readonly<Record<number, AnswerForms>>;
  /** The codes that it refuses a request with by itself, besides what every route of its kind does. */
  readonly refusals: readonly ErrorCode[];
  /** Answers, or throws a `PlbaError` whose code decides the status. */
  handle(request: RouteRequest): RouteAnswer | RouteStream | Promise<RouteAnswer | RouteStream>;
}
