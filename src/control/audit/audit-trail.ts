import type { AuditEntry } from '../../contracts/audit.js';
import type { Clock } from '../../contracts/clock.js';
import type { Logger } from '../../contracts/logger.js';
import type { EventSink } from '../../events/event-sink.js';
import { Looks } from './looks.js';

const mostOfEach = 250;

/** What becomes an entry. */
export type AuditedChange = Omit<AuditEntry, 'id' | 'when'>;

/**
 * Every change that was asked for, done or not, once: in the log, in memory for `GET /audit`, and as an event.
 *
 * What was refused is kept apart from what was done, so that no stranger can push out what happened by being refused often.
 */
export class AuditTrail {
  readonly #changes: AuditEntry[] = [];
  readonly #refusals: AuditEntry[] = [];
  readonly #looks: Looks;
  #count = 0;

  constructor(
    private readonly clock: Pick<Clock, 'now' | 'monotonic'>,
    private readonly log: Logger,
    private readonly events: EventSink,
  ) {
    // What comes faster than this is not kept for a second anyway.
    this.#looks = new Looks(clock, mostOfEach);
  }

  /** The entries that are kept, newest first. */
  entries(): readonly AuditEntry[] {
    return [...this.#changes, ...this.#refusals].sort((a, b) => b.id - a.id);
  }

  /** Whether what a change is about may be looked at for a caller that was refused on the way in. Each time counts. */
  mayLook(): boolean {
    return this.#looks.take();
  }

  record(change: AuditedChange): void {
    const entry: AuditEntry = { id: ++this.#count, when: new Date(this.clock.now()), ...change };
    const kept = entry.result === 'refused' ? this.#refusals : this.#changes;
    kept.push(entry);
    if (kept.length > mostOfEach) kept.shift();
    if (entry.result === 'done') this.log.info({ ...change }, 'a change was made');
    else this.log.warn({ ...change }, 'a change was refused or failed');
    this.events.publish({ type: 'audit', entry });
  }
}
