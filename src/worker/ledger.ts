import type { RunRecord } from '../contracts/run.js';
import { OlderRuns } from './older-runs.js';
import type { Run } from './run.js';

/**
 * The last runs of a worker, `size` of them at most. Half of them are the latest as they came: a ring. The other half are older
 * ones, chosen so that those which found nothing do not push out those that say something: see {@link OlderRuns}.
 */
export class Ledger {
  private readonly ring: Run[] = [];
  private readonly ringSize: number;
  private next = 0;
  private older: OlderRuns | undefined;

  /** @param size how many runs are kept, at least 1 */
  constructor(private readonly size: number) {
    this.ringSize = Math.ceil(size / 2);
  }

  add(run: Run): void {
    const leaving = this.ring[this.next];
    this.ring[this.next] = run;
    this.next = this.next + 1 === this.ringSize ? 0 : this.next + 1;
    if (leaving !== undefined) (this.older ??= new OlderRuns(this.size - this.ringSize)).add(leaving);
  }

  /** The run that was added last. */
  get last(): Run | undefined {
    return this.ring[(this.next === 0 ? this.ring.length : this.next) - 1];
  }

  /** Newest first, each with how many are not kept between it and the next older one. */
  records(): RunRecord[] {
    const runs = this.all().sort((a, b) => b.sequence - a.sequence);
    return runs.map((run, index) => {
      const record = run.toFullRecord();
      const runsDropped = run.sequence - (runs[index + 1]?.sequence ?? run.sequence - 1) - 1;
      return runsDropped > 0 ? { ...record, runsDropped } : record;
    });
  }

  /** The run of this id. */
  find(id: string): Run | undefined {
    return this.all().find((run) => run.runId === id);
  }

  private all(): Run[] {
    return [...this.ring, ...(this.older?.all() ?? [])];
  }
}
