import type { OutcomeKind } from '../contracts/outcome.js';
import type { Run } from './run.js';

/**
 * The runs of a ledger that are no longer among the latest. When there are too many, the oldest `idle` one gives way, and where
 * there is none, the oldest of the outcome that there is most of. So no outcome pushes out all of another: a night of failures
 * leaves the last runs that worked, and a day of work the last ones that failed.
 */
export class OlderRuns {
  private readonly idle = new OldRuns();
  private readonly worked = new OldRuns();
  private readonly partial = new OldRuns();
  private readonly blocked = new OldRuns();
  private readonly failed = new OldRuns();
  private readonly fatal = new OldRuns();
  private readonly speaking = [this.worked, this.partial, this.blocked, this.failed, this.fatal];
  /** Of those that are not `idle`: one that is as long as any. */
  private longest = this.worked;
  private count = 0;

  /** @param size how many runs are kept */
  constructor(private readonly size: number) {}

  /** Takes a run that has ended. A worker may end a million a second, most of them alike: then one takes the place of another. */
  add(run: Run): void {
    const own = this.listOf(run.outcome?.kind);
    if (this.count < this.size) {
      this.count++;
      own.push(run);
    } else {
      const giving = this.givingWayTo(own);
      if (giving === own) {
        own.replaceOldest(run);
        return;
      }
      giving.removeOldest();
      own.push(run);
    }
    this.longest = this.speaking.reduce((a, b) => (b.length > a.length ? b : a));
  }

  /** In no particular order. */
  all(): Run[] {
    return [this.idle, ...this.speaking].flatMap((runs) => runs.all());
  }

  private listOf(kind: OutcomeKind = 'idle'): OldRuns {
    switch (kind) {
      case 'worked':
        return this.worked;
      case 'idle':
        return this.idle;
      case 'partial':
        return this.partial;
      case 'blocked':
        return this.blocked;
      case 'failed':
        return this.failed;
      case 'fatal':
        return this.fatal;
    }
  }

  private givingWayTo(own: OldRuns): OldRuns {
    const { idle } = this;
    if (idle.length > 0 || own === idle) return idle;
    return own.length >= this.longest.length ? own : this.longest;
  }
}

/** Runs of one outcome in their order: a ring that grows and shrinks. */
class OldRuns {
  private runs: Run[] = [];
  private oldest = 0;

  get length(): number {
    return this.runs.length;
  }

  push(run: Run): void {
    this.straighten();
    this.runs.push(run);
  }

  removeOldest(): void {
    this.straighten();
    this.runs.shift()?.forget();
  }

  /** The oldest goes, and `run` is the newest; `run` itself goes where there is none. */
  replaceOldest(run: Run): void {
    const { oldest } = this;
    const leaving = this.runs[oldest];
    if (leaving === undefined) {
      run.forget();
      return;
    }
    leaving.forget();
    this.runs[oldest] = run;
    this.oldest = oldest + 1 === this.runs.length ? 0 : oldest + 1;
  }

  all(): readonly Run[] {
    return this.runs;
  }

  private straighten(): void {
    if (this.oldest === 0) return;
    this.runs = [...this.runs.slice(this.oldest), ...this.runs.slice(0, this.oldest)];
    this.oldest = 0;
  }
}
