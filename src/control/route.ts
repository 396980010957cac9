import type { Authority, Caller } from './authority.js';
import type { BodyFields, FieldKinds } from './body-fields.js';

/** What a route is asked. */
export interface RouteRequest {
  /** The parts of the path that the route leaves open, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Who asks. Has the route's authority. */
  readonly caller: Caller;
  /** The fields of the body; empty when there was none. */
  readonly body: BodyFields;
}

/** What a route answers. */
export interface RouteAnswer {
  readonly status: number;
  /** Bytes of JSON that are ready to be sent, or a value to be made into JSON. */
  readonly body: Buffer | object;
}

/** One thing that can be asked of the control plane. Whatever is to be known about it stands here, not around it. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** Literal parts, and open ones in angle brackets: `/workers/<name>/runs`. */
  readonly path: string;
  /** What a caller must be allowed to do. There is no default: a route without it lets nobody in. */
  readonly authority: Authority;
  /** What it answers or does, in a few words. */
  readonly summary: string;
  /** The fields of its body. Default: it takes none. */
  readonly body?: FieldKinds;
  /** Answers, or throws a `PlbaError` whose code decides the status. */
  handle(request: RouteRequest): RouteAnswer | Promise<RouteAnswer>;
}
