/**
 * Where a run's context carries its scrubber, so that spans made deep inside use it too. Made as the API makes its keys,
 * so that copies of PLBA in one process understand each other.
 */
export const scrubKey = Symbol.for('plba.scrub');

/** Where the context carries the span that is kept in process beside the SDK's. */
export const keptKey = Symbol.for('plba.kept-span');

/** Where the context carries what came with a request: what the SDK's own span would lose of it. */
export const remoteKey = Symbol.for('plba.remote-parent');
