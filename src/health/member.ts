import type { Health, HealthStatus, MemberHealth } from '../contracts/health.js';
import type { Scrub } from '../secrets/scrub.js';
import { healthFrom, healthOfError } from './answer.js';
import type { GroupMember, HealthGroup } from './health-group.js';
import { effective } from './status.js';

/** What came of an answer: nothing new, the same said again, something else with the same status, or another status. */
export type Difference = 'none' | 'seen again' | 'content' | 'status';

/** What members of one sort have in common: with ten thousand of them a copy each would be felt. */
export interface MemberTraits {
  readonly kind: 'worker' | 'contributor';
  readonly critical: boolean;
  /** The groups that its health counts in. */
  readonly groups: readonly HealthGroup[];
  readonly scrub: Scrub;
  /** The same answer again shows in `checkedAt` only when what shows is older than this. */
  readonly checkedAtGrainMs: number;
  /** Whether a change of its status is worth a log line. */
  readonly isMentioned: boolean;
}

// Nobody is well before they have said so.
const notAsked: Health = { status: 'unhealthy', reason: 'not asked yet' };

/** One worker or contributor in the health of the application: the last that is known of it, and since when. */
export class Member implements GroupMember {
  private known = notAsked;
  private details = '';
  // As it was answered, before clipping and scrubbing: to see cheaply that an answer says nothing new.
  private reasonAnswered: unknown;
  private checkedAtMs: number | undefined;
  private shown: MemberHealth | undefined;

  constructor(
    readonly name: string,
    private readonly traits: MemberTraits,
    private sinceMs: number,
  ) {}

  get kind(): 'worker' | 'contributor' {
    return this.traits.kind;
  }

  get critical(): boolean {
    return this.traits.critical;
  }

  get groups(): readonly HealthGroup[] {
    return this.traits.groups;
  }

  get isMentioned(): boolean {
    return this.traits.isMentioned;
  }

  /** Whether it has ever been asked and has answered, or failed to. */
  get hasAnswered(): boolean {
    return this.checkedAtMs !== undefined;
  }

  /** What the member said. */
  get raw(): HealthStatus {
    return this.known.status;
  }

  get reason(): string | undefined {
    return this.known.reason;
  }

  /** What counts. */
  get status(): HealthStatus {
    return effective(this.known.status, this.critical);
  }

  /** The member as it is shown. The same object as long as there is nothing new to show. */
  show(): MemberHealth {
    const { status: raw, reason, details } = this.known;
    this.shown ??= {
      status: this.status,
      raw,
      critical: this.critical,
      ...(reason !== undefined && { reason }),
      since: new Date(this.sinceMs),
      ...(this.checkedAtMs !== undefined && { checkedAt: new Date(this.checkedAtMs) }),
      ...(details !== undefined && { details }),
    };
    return this.shown;
  }

  /** What the member said, with since when. */
  health(): Health {
    return { ...this.known, since: new Date(this.sinceMs) };
  }

  /** Takes note of an answer, whatever it is. */
  answered(answer: unknown, nowMs: number): Difference {
    if (this.saysTheSame(answer)) return this.seenAgain(nowMs);
    const reasonAnswered = reasonOf(answer);
    const difference = this.learn(healthFrom(answer, this.traits.scrub), nowMs);
    this.reasonAnswered = reasonAnswered;
    return difference;
  }

  /** Takes note of an error instead of an answer. */
  threw(error: unknown, nowMs: number): Difference {
    return this.learn(healthOfError(error, this.traits.scrub), nowMs);
  }

  /** Takes note of what the platform itself has found out. */
  learn(health: Health, nowMs: number): Difference {
    const { known } = this;
    this.reasonAnswered = undefined;
    const details = health.details === undefined ? '' : JSON.stringify(health.details);
    const isSame = health.status === known.status && health.reason === known.reason && details === this.details;
    if (isSame && this.checkedAtMs !== undefined) return this.seenAgain(nowMs);
    const before = this.status;
    const isOther = health.status !== known.status || this.checkedAtMs === undefined;
    // `since` is believed once, when the status changes: it must not move as long as the status stays.
    if (isOther) this.sinceMs = Math.min(health.since?.getTime() ?? nowMs, nowMs);
    this.known = health;
    this.details = details;
    this.checkedAtMs = nowMs;
    this.shown = undefined;
    for (const group of this.groups) group.memberChanged(before, this.status);
    return isOther ? 'status' : 'content';
  }

  // The way of nearly every answer of nearly every worker: no allocation on it.
  private saysTheSame(answer: unknown): boolean {
    if (this.checkedAtMs === undefined || typeof answer !== 'object' || answer === null) return false;
    try {
      const { status, reason, details } = answer as Partial<Health>;
      return (
        status === this.known.status &&
        reason === this.reasonAnswered &&
        details === undefined &&
        this.known.details === undefined
      );
    } catch {
      return false;
    }
  }

  private seenAgain(nowMs: number): Difference {
    // Negative when the clock of the machine was set back.
    const ageMs = nowMs - (this.checkedAtMs ?? -Infinity);
    if (ageMs >= 0 && ageMs < this.traits.checkedAtGrainMs) return 'none';
    this.checkedAtMs = nowMs;
    this.shown = undefined;
    return 'seen again';
  }
}

function reasonOf(answer: unknown): unknown {
  try {
    return (answer as { reason?: unknown } | null)?.reason;
  } catch {
    return undefined;
  }
}
