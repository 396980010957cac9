import type { Duration } from './duration.js';

/** A JSON Schema (2020-12), as OpenAPI 3.1 takes it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * What a field of a body may hold: `true` or `false` and nothing that looks like it; a line of text for people; or a duration,
 * as milliseconds or as `"10m"`.
 */
export type BodyFieldKind = 'boolean' | 'text' | 'duration';

/** Options of `@controlRoute()`. */
export interface ControlRouteOptions {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Begins with a slash, ends without one; open parts stand in angle brackets: `/ledgers/<name>/balance`. */
  readonly path: string;
  /**
   * What a caller must be allowed to do. `POST` and `PUT` change something and need `operate`.
   * - `probe`: the words of health, which everybody may see who reaches the port, unless there are tokens for probes
   * - `read`: everything there is to see
   * - `operate`: change what the application does
   */
  readonly authority: 'probe' | 'read' | 'operate';
  /** What it answers or does, in a few words. Default: the name of the class. */
  readonly summary?: string;
  /**
   * The fields of the body of `POST` and `PUT`, all of them optional; or `object` for any JSON object. An unknown field is
   * refused; `reason`, for the audit, is always there. Default: none but that.
   */
  readonly body?: Readonly<Record<string, BodyFieldKind>> | 'object';
  /** Those of the fields without which a body is refused. Default: none. */
  readonly required?: readonly string[];
  /** The parameters of the query, each with what it says. An unknown one is refused. Default: a query is ignored. */
  readonly query?: Readonly<Record<string, string>>;
  /** What the body of each status looks like; another status is never answered. Default: 200 with any JSON. */
  readonly answers?: Readonly<Record<number, JsonSchema>>;
  /** The codes of `PlbaError`s that it throws to refuse a request. Default: none; whatever else it throws is 500. */
  readonly refusals?: readonly string[];
  /** How long it may take. Then the caller gets 503 (`CONTROL_ROUTE_UNFINISHED`), and `signal` aborts. Default: 30 s. */
  readonly timeout?: Duration;
}

/** What a {@link ControlRoute} is asked. */
export interface ControlRequest {
  /** The open parts of the path, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What the query says. */
  readonly query: Readonly<Record<string, string>>;
  /** The fields of the body; empty when there was none. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Who asks: `alice@10.0.0.7`, by the name of the token; `deploy@socket`; `anonymous@10.0.0.7`. */
  readonly who: string;
  /** Aborts when the answer is given up: after `timeout`, or at the end of the application. */
  readonly signal: AbortSignal;
}

/** What a {@link ControlRoute} answers. */
export interface ControlAnswer {
  /** Default: the first that the route says it answers, which is 200 where it says nothing. */
  readonly status?: number;
  /**
   * What is made into JSON, without secrets. From status 400 on it is a problem of RFC 9457, and its members are added to
   * `type`, `title` and `status`. Default: an empty object.
   */
  readonly body?: object;
  /** Further headers, such as `Location`. Not those that frame the answer or guard it, such as `Content-Length` or `Cache-Control`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A control route of an application's own. Tag it with `@controlRoute()`. */
export interface ControlRoute {
  /** Answers, or throws one of its refusals, whose code decides the status. Any other error is 500, and in the log. */
  handle(request: ControlRequest): ControlAnswer | Promise<ControlAnswer>;
  /** What a change is about, as it is now: the audit asks before and after, also where it is refused. So it should cost little. */
  state?(parameters: Readonly<Record<string, string>>): unknown;
}
