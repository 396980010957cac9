import type { OutcomeKind } from '../contracts/outcome.js';

/** How much of the log of one run is kept: its last lines. */
const mostBytesPerRun = 8 * 1024;
/** How much is kept of all runs of an application together. */
const mostBytes = 16 * 1024 * 1024;
/** So much of it is left when there was too much: making room is not begun anew for each line. */
const leftOfMost = 0.98;

/** The last log lines of one run, oldest first. */
export class RunTail {
  private lines: string[] = [];
  bytes = 0;
  /** Lines that had to make room for later ones. */
  dropped = 0;

  /** @param store knows how much all keep together */
  constructor(private readonly store: RunLines) {}

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
    this.store.note(this, bytes);
  }
}

/**
 * Keeps the last log lines of runs, as they were written: without secrets. A run is listened to from its first use of its
 * logger to its end. Bounded in all, whatever runs log: where there is too much, what runs have logged that found nothing goes
 * first, then that of those that worked, then that of all others.
 */
export class RunLines {
  private readonly open = new Map<string, RunTail>();
  private readonly idle = new Set<RunTail>();
  private readonly worked = new Set<RunTail>();
  /** Also what is still open: nobody knows yet what it will have to say. */
  private readonly others = new Set<RunTail>();
  /** Everything that holds lines, in the order in which it goes; in each the oldest first. */
  private readonly kept = [this.idle, this.worked, this.others];
  /** How much is kept, as UTF-8: text that is not Latin takes less than that of the heap. */
  bytes = 0;

  /** @param limitBytes for all runs together */
  constructor(private readonly limitBytes = mostBytes) {}

  /** From now on the lines of this run are kept. */
  listen(runId: string): RunTail {
    const tail = new RunTail(this);
    this.open.set(runId, tail);
    return tail;
  }

  /** The run has ended so. What is kept of it stays. */
  end(runId: string, outcome?: OutcomeKind): void {
    const tail = this.open.get(runId);
    if (tail === undefined) return;
    this.open.delete(runId);
    if (outcome !== 'idle' && outcome !== 'worked') return;
    if (this.others.delete(tail)) this[outcome].add(tail);
  }

  /** A line was written, whoever's it is. */
  take(line: string): void {
    if (this.open.size === 0) return;
    const runId = runIdOf(line);
    const tail = runId === undefined ? undefined : this.open.get(runId);
    if (tail === undefined) return;
    tail.take(line);
    if (this.bytes > this.limitBytes) this.makeRoom(this.limitBytes * leftOfMost);
  }

  /** Called by a tail that keeps so much more, or less. */
  note(tail: RunTail, bytes: number): void {
    this.bytes += bytes;
    if (tail.bytes > 0) this.others.add(tail);
    else for (const tails of this.kept) tails.delete(tail);
  }

  private makeRoom(leftBytes: number): void {
    for (const tails of this.kept) {
      for (const tail of tails) {
        if (this.bytes <= leftBytes) return;
        tail.clear();
      }
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
