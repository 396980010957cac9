import type { OutcomeKind } from '../contracts/outcome.js';
import type { Run } from './run.js';

/**
 * The runs of a ledger that are no longer among the latest. When there are too many, the oldest `idle` one gives way, and where
 * there is none, the oldest of the outcome that there is most of. So no outcome pushes out all of another: a night of failures
 * leaves the last runs that worked, and a day of work the last ones that failed.
 */
export class OlderRuns {
  private readonly byOutcome: Readonly<Record<OutcomeKind, OldRuns>>;
  private readonly lists: readonly OldRuns[];
  /** Of those that are not `idle`: one that is as long as any. */
  private longest: OldRuns;
  private count = 0;

  /** @param size how many runs are kept */
  constructor(private readonly size: number) {
    const [worked, idle, partial] = [new OldRuns(), new OldRuns(), new OldRuns()];
    const [blocked, failed, fatal] = [new OldRuns(), new OldRuns(), new OldRuns()];
    this.byOutcome = { worked, idle, partial, blocked, failed, fatal };
    this.lists = [worked, partial, blocked, failed, fatal];
    this.longest = worked;
  }

  /** Takes a run that has ended. A worker may end a million a second, most of them alike: then one takes the place of another. */
  add(run: Run): void {
    const own = this.byOutcome[run.outcome?.kind ?? 'idle'];
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
    this.longest = this.lists.reduce((a, b) => (b.length > a.length ? b : a));
  }

  /** In no particular order. */
  all(): Run[] {
    return Object.values(this.byOutcome).flatMap((runs) => runs.all());
  }

  private givingWayTo(own: OldRuns): OldRuns {
    const { idle } = this.byOutcome;
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
