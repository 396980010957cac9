/** A JSON Schema (2020-12), as OpenAPI 3.1 takes it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * What a field of a body may hold: `true` or `false` and nothing that looks like it; a line of text for people; or a duration,
 * as milliseconds or as `"10m"`.
 */
export type BodyFieldKind = 'boolean' | 'text' | 'duration';
