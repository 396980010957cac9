/** What tells whether a file has changed. */
interface Stamp {
  readonly size: number;
  readonly mtimeMs: number;
}

/**
 * Tells finished files from those that somebody still writes: a finished one has not changed for a while. Goes by the time of the
 * last change, and, where that lies in the future, by when the file was first seen as it is.
 */
export class QuietFiles {
  private readonly seen = new Map<string, Stamp & { readonly sinceMs: number }>();

  constructor(private readonly quietMs: number) {}

  /** Whether the file has been as it is for long enough. */
  isQuiet(file: string, { size, mtimeMs }: Stamp, now: Date): boolean {
    const nowMs = now.getTime();
    let seen = this.seen.get(file);
    if (seen?.size !== size || seen.mtimeMs !== mtimeMs) {
      seen = { size, mtimeMs, sinceMs: nowMs };
      this.seen.set(file, seen);
    }
    const unchangedSinceMs = mtimeMs <= nowMs ? Math.min(mtimeMs, seen.sinceMs) : seen.sinceMs;
    return nowMs - unchangedSinceMs >= this.quietMs;
  }

  /** Forgets files that are gone, so that the memory does not grow. */
  forgetAllBut(files: ReadonlySet<string>): void {
    for (const file of this.seen.keys()) {
      if (!files.has(file)) this.seen.delete(file);
    }
  }
}
