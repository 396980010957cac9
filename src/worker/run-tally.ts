import type { Outcome, OutcomeKind } from '../contracts/outcome.js';
import { BucketCounts } from '../metrics/bucket-counts.js';

/** What the runs of one worker add up to since the process began. Plain numbers: who wants them reads them. */
export class RunTally {
  readonly outcomes: Record<OutcomeKind, number> = { worked: 0, idle: 0, partial: 0, blocked: 0, failed: 0, fatal: 0 };
  /** Items that were dealt with. */
  items = 0;
  /** Items that `partial` runs had to leave out. */
  rejected = 0;
  /** Durations in seconds. */
  readonly durations = new BucketCounts();

  note(outcome: Outcome, durationMs: number): void {
    this.outcomes[outcome.kind]++;
    this.durations.record(durationMs / 1_000);
    if (outcome.kind === 'worked') {
      if (outcome.items !== undefined) this.items += outcome.items;
    } else if (outcome.kind === 'partial') {
      this.items += outcome.done;
      this.rejected += outcome.rejected;
    }
  }
}
