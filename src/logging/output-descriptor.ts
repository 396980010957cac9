import { constants, fstatSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';

const standardOutput = 1;
let opened: number | undefined;

/**
 * The descriptor that lines are written to: one that never makes a write wait for a reader. Opened once for the process.
 *
 * A pipe or a terminal is opened a second time, for this process alone. To make standard output itself non-blocking would
 * reach everybody who shares it: the shell, child processes, whatever writes to the same pipe. Where that is impossible (a
 * socket, a system without `/proc`) it is done all the same, as everything that uses `process.stdout` does it. A file stays as
 * it is: a second opening would have a position of its own, and a file has no reader to wait for.
 */
export function outputDescriptor(): number {
  return (opened ??= openWithoutWaiting());
}

function openWithoutWaiting(): number {
  try {
    const kind = fstatSync(standardOutput);
    if (kind.isFile()) return standardOutput;
    if (!kind.isSocket()) {
      const own = openAgain();
      if (own !== undefined) return own;
    }
    // Node opens the stream when it is first touched, and makes a pipe or a socket non-blocking by that.
    if (!isatty(standardOutput)) process.stdout.on('error', () => undefined);
  } catch {
    // There is no standard output. Writing to it says so, line by line.
  }
  return standardOutput;
}

function openAgain(): number | undefined {
  try {
    return openSync('/proc/self/fd/1', constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return undefined;
  }
}
