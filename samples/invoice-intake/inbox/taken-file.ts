import { constants } from 'node:fs';
import { mkdir, open, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { moveInto } from '../files/move-into.js';
import { writeAtomically } from '../files/write-atomically.js';

/** Why a file is not accepted, as it is written beside it. */
export interface Rejection {
  /** The rules of EN 16931 that it breaks; empty where no rule of the standard is at stake. */
  readonly rules: readonly string[];
  readonly reason: string;
}

/** The file is there and cannot be read as one. */
export class FileUnreadable extends Error {
  override readonly name = 'FileUnreadable';
}

/** Somebody writes to the file, although it looked finished. */
export class FileStillWritten extends Error {
  override readonly name = 'FileStillWritten';
}

/**
 * A file that was taken out of the inbox: nobody else touches it, and nobody puts another one in its place. It stays where it is,
 * through crashes too, until it is accepted or rejected.
 */
export class TakenFile {
  private readonly location: string;

  constructor(
    private readonly inboxFolder: string,
    /** Unique for each file that is taken, and the same after a crash. */
    readonly receipt: string,
    /** Its name in the inbox. */
    readonly file: string,
  ) {
    this.location = path.join(takenFolder(inboxFolder), receipt, file);
  }

  /**
   * All its bytes.
   * @param sizeIsFine called with its size in bytes before anything is read; throws what speaks against reading it
   * @throws {FileUnreadable}
   * @throws {FileStillWritten} when it changed while it was read: to be tried again
   */
  async read(sizeIsFine: (bytes: number) => void): Promise<Buffer> {
    const handle = await open(this.location, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
      (cause: unknown) => {
        throw new FileUnreadable(`the file cannot be opened (${codeOf(cause)})`, { cause });
      },
    );
    try {
      const before = await handle.stat();
      if (!before.isFile()) throw new FileUnreadable('it is not a regular file');
      sizeIsFine(before.size);
      const bytes = await handle.readFile();
      const after = await handle.stat();
      if (after.size !== before.size || after.mtimeMs !== before.mtimeMs || bytes.length !== before.size) {
        throw new FileStillWritten(`"${this.file}" is still being written`);
      }
      return bytes;
    } finally {
      await handle.close();
    }
  }

  /** Moves it to `processed/`. */
  async accept(): Promise<void> {
    await this.moveTo('processed');
  }

  /** Moves it to `rejected/`, with a file `<name>.reason.json` that says why. */
  async reject(rejection: Rejection): Promise<void> {
    await this.moveTo('rejected', rejection);
  }

  private async moveTo(outcome: 'processed' | 'rejected', rejection?: Rejection): Promise<void> {
    const folder = path.join(this.inboxFolder, outcome);
    await mkdir(folder, { recursive: true });
    await moveInto(folder, this.location, async (name) => {
      if (rejection === undefined) return;
      const reason = JSON.stringify({ file: this.file, ...rejection }, undefined, 2);
      await writeAtomically(path.join(folder, `${name}.reason.json`), `${reason}\n`);
    });
    await rmdir(path.dirname(this.location));
  }
}

/** Where an inbox keeps the files that are being worked on: each in a folder named after its receipt. */
export function takenFolder(inboxFolder: string): string {
  return path.join(inboxFolder, 'taken');
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown';
}
