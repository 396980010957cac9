import type { BodyFieldKind, JsonSchema } from '../../contracts/control-route.js';
import { longestText } from '../request/body-fields.js';
import type { Route } from '../route.js';
import { flag } from './shape.js';

const kinds: Readonly<Record<BodyFieldKind, JsonSchema>> = {
  boolean: flag,
  text: { type: 'string', minLength: 1, maxLength: longestText, description: 'a line without control characters' },
  duration: {
    description: 'milliseconds, or a number with its unit, such as "10m"',
    anyOf: [
      { type: 'number', minimum: 0 },
      { type: 'string', pattern: '^\\d+(\\.\\d+)?(ms|s|m|h)$' },
    ],
  },
};

/** The body that a route takes. */
export function describeBody({ body = {}, required = [] }: Route): JsonSchema {
  return {
    required: required.length > 0,
    content: { 'application/json': { schema: body === 'object' ? { type: 'object' } : fields(body, required) } },
  };
}

function fields(body: Exclude<Route['body'], 'object' | undefined>, required: readonly string[]): JsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(body).map(([name, kind]) => [name, kinds[kind]])),
    additionalProperties: false,
    ...(required.length > 0 && { required }),
  };
}
