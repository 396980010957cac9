/**
 * The floor plan: a file imports only from rooms on lower floors, and rooms on one floor never see each other. A room is a
 * folder of src/, or one of its few top-level files.
 */
export const floors: readonly (readonly string[])[] = [
  ['contracts', 'errors.ts'],
  ['time', 'secrets', 'plain', 'events'],
  ['config', 'logging', 'tracing', 'metrics', 'health', 'queue', 'progress'],
  ['worker', 'lifecycle'],
  ['control', 'contributors', 'telemetry'],
  ['application'],
  ['index.ts', 'testing', 'cli'],
];

/** The folders whose index.ts is a door of the package. */
export const doors: readonly string[] = ['telemetry', 'testing'];
