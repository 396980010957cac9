import type { Clock } from '../contracts/clock.js';
import type { ContributorTimelineEntry } from '../contracts/reports.js';

/** What is known of one contributor. */
interface FirstCheck {
  startedMs?: number;
  readyMs?: number;
}

/** Keeps the time of what happens to workers and contributors on the way up, beside their start. */
export class StartTimes {
  /** When the application began, on the monotonic clock. */
  readonly originMs: number;
  private readonly constructions = new Map<string, number>();
  private readonly checks = new Map<string, FirstCheck>();

  constructor(private readonly clock: Clock) {
    this.originMs = clock.monotonic();
  }

  /** A worker or contributor has been constructed. */
  constructed(name: string): void {
    this.constructions.set(name, this.nowMs());
  }

  /** When a worker or contributor had been constructed, in milliseconds from the start of the application. */
  constructedMs(name: string): number | undefined {
    return this.constructions.get(name);
  }

  /** These contributors are asked for the first time. */
  asked(contributors: readonly string[]): void {
    const startedMs = this.nowMs();
    for (const name of contributors) this.checks.set(name, { startedMs });
  }

  /** A check of a contributor has ended, well or not; the first one counts. */
  answered(contributor: string): void {
    const check = this.checks.get(contributor);
    if (check !== undefined) check.readyMs ??= this.nowMs();
  }

  /** The contributors in order of construction. */
  contributors(): readonly ContributorTimelineEntry[] {
    return [...this.checks].map(([contributor, check]) => ({
      contributor,
      constructedMs: this.constructedMs(contributor) ?? 0,
      ...check,
    }));
  }

  private nowMs(): number {
    return Math.round(this.clock.monotonic() - this.originMs);
  }
}
