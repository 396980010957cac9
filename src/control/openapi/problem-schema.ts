import { anyObject, list, text } from './shape.js';

/** What is answered when something is wrong. */
export const problemSchemas = {
  Problem: {
    type: 'object',
    description: 'a problem of RFC 9457. Scripts go by its code',
    required: ['type', 'title', 'status'],
    properties: {
      type: { type: 'string', format: 'uri-reference' },
      title: text,
      status: { type: 'integer', minimum: 400, maximum: 599 },
      detail: text,
      code: { ...text, description: 'stable; the list is in docs/errors.md' },
      hint: { ...text, description: 'what to do about it' },
      state: { ...text, description: 'what is in the way, of the worker or the application' },
      violations: { ...list(anyObject), description: 'what is wrong with a configuration' },
    },
  },
};
