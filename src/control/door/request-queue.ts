import type { Clock } from '../../contracts/clock.js';

/** How long connections are taken in, as long as there are more, before something is done in between. */
const longestIntakeMs = 10;

/**
 * What is done for requests that cost something: one in a turn of the event loop, and none while connections come in, for a moment.
 *
 * Node takes in one connection in a turn. Behind a thousand that each ask for something large, a probe would wait for all of them.
 */
export class RequestQueue {
  readonly #waiting: (() => void)[] = [];
  #isScheduled = false;
  #isCrowded = false;
  #workedMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly clock: Pick<Clock, 'monotonic'>) {}

  /** Calls `work` when its turn has come. */
  add(work: () => void): void {
    this.#waiting.push(work);
    this.#schedule();
  }

  /** A connection has come in, and more may follow. */
  connected(): void {
    this.#isCrowded = true;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    // What is asked for while immediates run has the next turn, after the connections were looked at.
    setImmediate(() => {
      this.#isScheduled = false;
      this.#turn();
    });
  }

  #turn(): void {
    const now = this.clock.monotonic();
    const isIntake = this.#isCrowded && now - this.#workedMs < longestIntakeMs;
    this.#isCrowded = false;
    const work = isIntake ? undefined : this.#waiting.shift();
    if (this.#waiting.length > 0) this.#schedule();
    if (work === undefined) return;
    this.#workedMs = now;
    work();
  }
}
