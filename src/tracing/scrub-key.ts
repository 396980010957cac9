/**
 * Where a run's context carries its scrubber, so that spans made deep inside use it too. Made as the API makes its keys,
 * so that copies of PLBA in one process understand each other.
 */
export const scrubKey = Symbol.for('plba.scrub');
