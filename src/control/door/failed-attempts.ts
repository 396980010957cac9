import type { Clock } from '../../contracts/clock.js';
import type { ControlLimits } from '../control-settings.js';

const windowMs = 60_000;
const longestDelayMs = 2_000;
const mostAddresses = 1_000;
const mostWaiting = 64;

/**
 * Counts the wrong tokens that each address shows, so that trying many takes long.
 *
 * Each further one waits twice as long for its answer; after `maxWrongTokens` within a minute the tokens of the address are
 * not looked at before a minute has passed. What is kept is bounded: addresses, and answers that wait at a time.
 */
export class FailedAttempts {
  /** In order of the last attempt, the oldest first. */
  readonly #addresses = new Map<string, { count: number; lastMs: number }>();
  #waiting = 0;

  constructor(
    private readonly clock: Clock,
    private readonly limits: Pick<ControlLimits, 'wrongTokenDelayMs' | 'maxWrongTokens'>,
  ) {}

  /** Whether no token of this address is looked at now. */
  isLocked(address: string | undefined): boolean {
    // Most processes never see a wrong token.
    return this.#addresses.size > 0 && this.#count(address ?? '') >= this.limits.maxWrongTokens;
  }

  /** Counts a wrong token; answers how many the address has shown within a minute. */
  record(address: string | undefined): number {
    const key = address ?? '';
    const count = this.#count(key) + 1;
    this.#addresses.delete(key);
    this.#addresses.set(key, { count, lastMs: this.clock.monotonic() });
    for (const oldest of this.#addresses.keys()) {
      if (this.#addresses.size <= mostAddresses) break;
      this.#addresses.delete(oldest);
    }
    return count;
  }

  /** Waits as long as the address has earned. Not when too many wait already: they would take up the connections. */
  async slow(address: string | undefined): Promise<void> {
    if (this.#waiting >= mostWaiting) return;
    const doublings = Math.min(this.#count(address ?? '') - 1, 10);
    this.#waiting++;
    await this.clock.sleep(Math.min(this.limits.wrongTokenDelayMs * 2 ** doublings, longestDelayMs));
    this.#waiting--;
  }

  #count(address: string): number {
    const entry = this.#addresses.get(address);
    return entry === undefined || this.clock.monotonic() - entry.lastMs > windowMs ? 0 : entry.count;
  }
}
