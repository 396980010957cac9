/** Where in the code something was done. Formatted only when `stack` is read, since most are never looked at. */
export interface Origin {
  readonly stack?: string;
}

const FRAMES = 3;
/** Enough to get past Node.js and a library to the code that called them. */
const FRAMES_TO_LOOK_THROUGH = 30;

/** The place from which `callee` was called, three frames deep. */
export function captureOrigin(callee: (...args: never[]) => unknown): Origin {
  return capture(FRAMES, callee);
}

/** The same, deep enough for {@link formatForeignOrigin} to find code that is not Node.js. */
export function captureDeepOrigin(callee: (...args: never[]) => unknown): Origin {
  return capture(FRAMES_TO_LOOK_THROUGH, callee);
}

/** An origin on one line, innermost frame first: `'RunLoop.wait (src/run-loop.ts:40:12) < …'`. */
export function formatOrigin(origin: Origin | undefined): string {
  return framesOf(origin).join(' < ') || 'unknown';
}

/** The same without the frames of Node.js: the three innermost that are left. */
export function formatForeignOrigin(origin: Origin): string {
  return foreignFramesOf(origin).slice(0, FRAMES).join(' < ') || 'unknown';
}

/** Whether there is a frame that is not of Node.js. */
export function isForeign(origin: Origin): boolean {
  return foreignFramesOf(origin).length > 0;
}

/** Whether the innermost code that is not Node.js belongs to an installed library. */
export function isOfLibrary(origin: Origin): boolean {
  return /[\\/]node_modules[\\/]/.test(foreignFramesOf(origin)[0] ?? '');
}

function capture(frames: number, callee: (...args: never[]) => unknown): Origin {
  const origin: Origin = {};
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = frames;
  Error.captureStackTrace(origin, callee);
  Error.stackTraceLimit = limit;
  return origin;
}

function framesOf(origin: Origin | undefined): string[] {
  const lines = (origin?.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return lines.map((line) => line.slice('    at '.length));
}

const ofNode = /\(?node:|^new Promise \(<anonymous>\)/;

function foreignFramesOf(origin: Origin): string[] {
  return framesOf(origin).filter((frame) => !ofNode.test(frame));
}
