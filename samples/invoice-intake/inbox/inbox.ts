import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, lstat, mkdir, readdir, rename, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { QuietFiles } from './quiet-files.js';
import { TakenFile, takenFolder } from './taken-file.js';

/** What lies in the inbox. */
export interface InboxView {
  /** Names of finished files, in the order of their names. */
  readonly ready: readonly string[];
  /** Names of files that somebody may still be writing. */
  readonly growing: readonly string[];
  /** Named like an invoice, but nothing that can be taken in. They stay where they are. */
  readonly unusable: readonly { readonly file: string; readonly reason: string }[];
}

/** Leaves room for what is added to it, such as `.reason.json`, within the 255 bytes of most file systems. */
const maxNameBytes = 200;

/**
 * A folder into which others put invoices: `*.xml` in any case. Other names, and names that start with a dot, are not looked at:
 * that is how a careful sender writes a file, to give it its name when it is complete.
 *
 * Its files move on to `processed/` or `rejected/` inside the folder, by way of `taken/`. Every step is one rename or link on one
 * file system, so that a crash between two of them leaves each file whole and in one place.
 */
export class Inbox {
  private readonly quietFiles: QuietFiles;

  constructor(
    readonly folder: string,
    options: {
      /** How long a file must not have changed to count as finished. */
      readonly quietMs: number;
    },
  ) {
    this.quietFiles = new QuietFiles(options.quietMs);
  }

  /** What lies in the inbox at `now`; no more than `limit` finished files. */
  async look(now: Date, limit = Infinity): Promise<InboxView> {
    const names = (await readdir(this.folder)).filter(isInvoiceName).sort();
    this.quietFiles.forgetAllBut(new Set(names));
    const view = { ready: [] as string[], growing: [] as string[], unusable: [] as { file: string; reason: string }[] };
    for (const file of names) {
      if (view.ready.length >= limit) break;
      const stats = await lstat(path.join(this.folder, file)).catch(() => undefined);
      if (stats === undefined) {
        // Gone since; or its name is not UTF-8, and what was listed is not what it is called.
        if (file.includes('\uFFFD')) view.unusable.push({ file, reason: 'its name is not UTF-8' });
        continue;
      }
      const reason = await this.whyUnusable(file, stats);
      if (reason !== undefined) view.unusable.push({ file, reason });
      else if (this.quietFiles.isQuiet(file, stats, now)) view.ready.push(file);
      else view.growing.push(file);
    }
    return view;
  }

  /** Takes a file out of the inbox; undefined when it is gone. */
  async take(file: string): Promise<TakenFile | undefined> {
    const receipt = randomUUID();
    const place = path.join(takenFolder(this.folder), receipt);
    await mkdir(place, { recursive: true });
    try {
      await rename(path.join(this.folder, file), path.join(place, file));
    } catch (error) {
      await rmdir(place);
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    return new TakenFile(this.folder, receipt, file);
  }

  /** The files that were taken and then neither accepted nor rejected, because the process ended or the ledger was away. */
  async leftovers(): Promise<TakenFile[]> {
    const receipts = await readdir(takenFolder(this.folder)).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    });
    const leftovers: TakenFile[] = [];
    for (const receipt of receipts.sort()) {
      const place = path.join(takenFolder(this.folder), receipt);
      const files = await readdir(place);
      if (files.length === 0) await rmdir(place);
      leftovers.push(...files.map((file) => new TakenFile(this.folder, receipt, file)));
    }
    return leftovers;
  }

  private async whyUnusable(
    file: string,
    stats: { isFile(): boolean; isSymbolicLink(): boolean; isDirectory(): boolean },
  ): Promise<string | undefined> {
    // A link may lead anywhere: following it would let whoever may write here read what the application may read.
    if (stats.isSymbolicLink()) return 'it is a symbolic link';
    if (stats.isDirectory()) return 'it is a folder';
    if (!stats.isFile()) return 'it is not a regular file';
    if (Buffer.byteLength(file) > maxNameBytes) return `its name is longer than ${maxNameBytes} bytes`;
    return access(path.join(this.folder, file), constants.R_OK).then(
      () => undefined,
      () => 'it may not be read',
    );
  }
}

function isInvoiceName(name: string): boolean {
  return /\.xml$/i.test(name) && !name.startsWith('.');
}
