/** Does work with what was active where it was taken along. */
export type Carry = <T>(work: () => T) => T;

let takeAlong: (() => Carry | undefined) | undefined;

/** From now on whatever is done later takes along what `take` finds active at that time. For tracing; one for the process. */
export function carryWith(take: () => Carry | undefined): void {
  takeAlong = take;
}

/**
 * What work that is put off must be done with: the trace that is active here and now, or that there is none, for what
 * happens to be active when the time comes is somebody else's. Undefined, and free, as long as nothing is traced.
 */
export function carryOn(): Carry | undefined {
  return takeAlong?.();
}
