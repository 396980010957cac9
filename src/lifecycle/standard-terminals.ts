import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { isatty } from 'node:tty';

const ignore = (): void => undefined;

/** Standard input, output and error, as far as they are a terminal. It may be closed, and the process goes on: after a SIGHUP. */
export class StandardTerminals {
  readonly descriptors: readonly number[] = [0, 1, 2].filter((descriptor) => isatty(descriptor));

  constructor() {
    // What is written to a terminal that is gone is lost. Without a listener that would be an exception that nobody catches.
    if (this.descriptors.includes(1)) process.stdout.on('error', ignore);
    if (this.descriptors.includes(2)) process.stderr.on('error', ignore);
  }

  /**
   * To be called when the process exits, and nothing of the application goes on: in between, a number is free, and a file that
   * somebody opens just then would be given it, and all that is written here from then on.
   *
   * Node.js puts a terminal back to how it has found it at its exit, and before 22.17 aborts where there is none any more
   * (nodejs/node#51519): by a signal instead of the exit code.
   */
  letGoOfLost(): void {
    for (const descriptor of this.descriptors) {
      if (isatty(descriptor)) continue;
      try {
        closeSync(descriptor);
        openSync(devNull, 'r+'); // takes the number that has become free
      } catch {
        // There is nothing to put back then either.
      }
    }
  }
}
