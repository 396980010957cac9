import { idle, partial, worked, type Outcome } from 'plba';
import type { FileOutcome } from '../intake/file-outcome.js';

/** Counts what became of the files of one run, and says what that makes of the run. */
export class RunTally {
  private done = 0;
  private readonly rejected: string[] = [];

  /** Files so far. */
  get files(): number {
    return this.done + this.rejected.length;
  }

  add(outcome: FileOutcome): void {
    if (outcome.kind === 'rejected') this.rejected.push(`${outcome.file}: ${outcome.reason}`);
    else this.done += 1;
  }

  /** @param more whether files are left for another run, to come at once */
  outcome(more: boolean): Outcome {
    const [first] = this.rejected;
    if (first !== undefined) {
      const others = this.rejected.length - 1;
      const reason = others === 0 ? first : `${first}; and ${others} more`;
      return partial({ done: this.done, rejected: this.rejected.length, reason });
    }
    return this.done === 0 ? idle() : worked({ items: this.done, more });
  }
}
