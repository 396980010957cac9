import { ChunkedQueue } from './chunked-queue.js';
import { Task } from './task.js';

/** Fewer settled ones than this are left standing until their turn comes. */
const FEW = 64;

/**
 * Tasks that stand in line: bare items, and {@link Task}s where there is more to say. Those that are settled while they
 * stand there are passed over, and never more of them are kept than of the others (or a few).
 */
export class TaskLine {
  readonly #entries = new ChunkedQueue<unknown>();
  #settled = 0;

  /** How many are still to be taken. */
  get length(): number {
    return this.#entries.length - this.#settled;
  }

  push(entry: unknown): void {
    this.#entries.push(entry);
  }

  /** Takes the first one that is not settled. There must be one: see {@link length}. */
  take(): unknown {
    let entry = this.#entries.shift();
    while (this.#settled > 0 && isSettled(entry)) {
      this.#settled--;
      entry = this.#entries.shift();
    }
    return entry;
  }

  /** To be called when one that stands in this line was settled. */
  noteSettled(): void {
    this.#settled++;
    if (this.#settled <= Math.max(this.length, FEW)) return;
    this.#entries.removeWhere(isSettled);
    this.#settled = 0;
  }
}

function isSettled(entry: unknown): boolean {
  return entry instanceof Task && entry.state === 'settled';
}
