import type { Clock } from '../../contracts/clock.js';

const aSecondMs = 1_000;

/** How often a second the runtime is looked at for callers that are refused: a crowd of them must not keep it busy. */
export class Looks {
  #since = Number.NEGATIVE_INFINITY;
  #taken = 0;

  constructor(
    private readonly clock: Pick<Clock, 'monotonic'>,
    private readonly mostPerSecond: number,
  ) {}

  /** Whether there is one left. Takes it. */
  take(): boolean {
    const now = this.clock.monotonic();
    if (now - this.#since >= aSecondMs) {
      this.#since = now;
      this.#taken = 0;
    }
    return ++this.#taken <= this.mostPerSecond;
  }
}
