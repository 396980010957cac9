import type { JsonSchema } from '../../contracts/control-route.js';

/** A member that may be left out. */
export interface Optional {
  readonly optional: JsonSchema;
}

/**
 * The members of `T` as they stand in JSON, each described: exactly those, the optional ones by {@link optional}. So a report
 * cannot grow without its description.
 */
export type Members<T> = {
  readonly [Key in keyof T]-?: object extends Pick<T, Key> ? Optional : JsonSchema;
};

/** An object of the shape of `T`. */
export function shape<T>(description: string, members: Members<T>): JsonSchema {
  const entries = Object.entries<JsonSchema | Optional>(members);
  return {
    type: 'object',
    description,
    properties: Object.fromEntries(
      entries.map(([name, member]) => [name, isOptional(member) ? member.optional : member]),
    ),
    required: entries.filter(([, member]) => !isOptional(member)).map(([name]) => name),
  };
}

/** Says that a member may be left out. */
export function optional(schema: JsonSchema): Optional {
  return { optional: schema };
}

/** One of the schemas of the description, by its name. */
export function named(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}

export function list(items: JsonSchema): JsonSchema {
  return { type: 'array', items };
}

/** An object whose members have names that are not known beforehand. */
export function byName(values: JsonSchema): JsonSchema {
  return { type: 'object', additionalProperties: values };
}

/** One of some words. */
export function word(...words: readonly string[]): JsonSchema {
  return { type: 'string', enum: words };
}

export const text: JsonSchema = { type: 'string' };
export const flag: JsonSchema = { type: 'boolean' };
export const instant: JsonSchema = { type: 'string', format: 'date-time' };
export const count: JsonSchema = { type: 'integer', minimum: 0 };
/** Milliseconds, and other amounts that have parts. */
export const amount: JsonSchema = { type: 'number', minimum: 0 };
/** Whatever JSON can say. */
export const anything: JsonSchema = {};
/** An object that the platform knows nothing about. */
export const anyObject: JsonSchema = { type: 'object', additionalProperties: true };

function isOptional(member: JsonSchema | Optional): member is Optional {
  return 'optional' in member;
}
