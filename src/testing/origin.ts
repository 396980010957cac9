/** Where in the code something was done. Formatted only when `stack` is read, since most are never looked at. */
export interface Origin {
  readonly stack?: string;
}

const FRAMES = 3;

/** The place from which `callee` was called, three frames deep. */
export function captureOrigin(callee: (...args: never[]) => unknown): Origin {
  const origin: Origin = {};
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  Error.captureStackTrace(origin, callee);
  Error.stackTraceLimit = limit;
  return origin;
}

/** An origin on one line, innermost frame first: `'RunLoop.wait (src/run-loop.ts:40:12) < …'`. */
export function formatOrigin(origin: Origin | undefined): string {
  const frames = (origin?.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return frames.map((line) => line.slice('    at '.length)).join(' < ') || 'unknown';
}
