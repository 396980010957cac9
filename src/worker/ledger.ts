import type { RunRecord } from '../contracts/run.js';
import type { Run } from './run.js';

/** The last runs of a worker. A ring: a new run takes the place of the oldest, and memory is bounded by `size`. */
export class Ledger {
  private readonly ring: Run[] = [];
  private next = 0;

  /** @param size how many runs are kept */
  constructor(private readonly size: number) {}

  add(run: Run): void {
    this.ring[this.next]?.forget();
    this.ring[this.next] = run;
    this.next = this.next + 1 === this.size ? 0 : this.next + 1;
  }

  /** The run that was added last. */
  get last(): Run | undefined {
    return this.ring[(this.next === 0 ? this.ring.length : this.next) - 1];
  }

  /** Newest first. */
  records(): RunRecord[] {
    const oldestFirst = [...this.ring.slice(this.next), ...this.ring.slice(0, this.next)];
    return oldestFirst.reverse().map((run) => run.toFullRecord());
  }

  /** The run of this id. */
  find(id: string): Run | undefined {
    return this.ring.find((run) => run.runId === id);
  }
}
