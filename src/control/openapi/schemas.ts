import { applicationSchemas } from './application-schemas.js';
import { healthSchemas } from './health-schemas.js';
import { problemSchemas } from './problem-schema.js';
import { runSchemas } from './run-schemas.js';
import { workerSchemas } from './worker-schemas.js';

/** Everything that routes answer, by name. */
export const schemas = {
  ...applicationSchemas,
  ...workerSchemas,
  ...runSchemas,
  ...healthSchemas,
  ...problemSchemas,
};

/** The name of one of them. */
export type SchemaName = keyof typeof schemas;
