/** How much of the log of one run is kept: its last lines. */
const mostBytesPerRun = 8 * 1024;
/** How much is kept of all runs of an application together: what is oldest goes. */
const mostBytes = 16 * 1024 * 1024;

/** The last log lines of one run, oldest first. */
export class RunTail {
  private lines: string[] = [];
  bytes = 0;
  /** Lines that had to make room for later ones. */
  dropped = 0;

  /** @param onBytes told how many bytes more, or less, are kept */
  constructor(private readonly onBytes: (bytes: number) => void) {}

  take(line: string): void {
    const text = line.trimEnd();
    const bytes = Buffer.byteLength(text);
    if (bytes > mostBytesPerRun) {
      this.dropped++;
      return;
    }
    this.lines.push(text);
    this.note(bytes);
    while (this.bytes > mostBytesPerRun) {
      this.note(-Buffer.byteLength(this.lines.shift() ?? ''));
      this.dropped++;
    }
  }

  /** Forgets the lines: the run has left the ledger, or others need the room more. */
  clear(): void {
    this.dropped += this.lines.length;
    this.lines = [];
    this.note(-this.bytes);
  }

  /** Each line as the fields that it was written with. */
  read(): Record<string, unknown>[] {
    return this.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  private note(bytes: number): void {
    this.bytes += bytes;
    this.onBytes(bytes);
  }
}

/**
 * Keeps the last log lines of runs, as they were written: without secrets. A run is listened to from its first use of its
 * logger to its end. Bounded in all, whatever runs log.
 */
export class RunLines {
  private readonly open = new Map<string, RunTail>();
  /** Everything that may hold lines, oldest first. */
  private readonly kept = new Set<RunTail>();
  /** How much is kept, as UTF-8: text that is not Latin takes less than that of the heap. */
  bytes = 0;

  /** @param limitBytes for all runs together */
  constructor(private readonly limitBytes = mostBytes) {}

  /** From now on the lines of this run are kept. */
  listen(runId: string): RunTail {
    const tail: RunTail = new RunTail((bytes) => {
      this.bytes += bytes;
      if (tail.bytes === 0) this.kept.delete(tail);
      else this.kept.add(tail);
    });
    this.open.set(runId, tail);
    return tail;
  }

  /** The run has ended. What is kept of it stays. */
  end(runId: string): void {
    this.open.delete(runId);
  }

  /** A line was written, whoever's it is. */
  take(line: string): void {
    if (this.open.size === 0) return;
    const runId = runIdOf(line);
    const tail = runId === undefined ? undefined : this.open.get(runId);
    if (tail === undefined) return;
    tail.take(line);
    for (const oldest of this.kept) {
      if (this.bytes <= this.limitBytes) break;
      oldest.clear();
    }
  }
}

const runIdMark = '"runId":"';

// The logger's own fields come first, so what a caller calls so stands behind it.
function runIdOf(line: string): string | undefined {
  const at = line.indexOf(runIdMark);
  if (at < 0) return undefined;
  const start = at + runIdMark.length;
  return line.slice(start, line.indexOf('"', start));
}
