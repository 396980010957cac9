import type { HealthReport, HealthStatus, MemberHealth } from '../contracts/health.js';
import type { PhaseVerdict } from './phase.js';

/** What a group amounts to. */
export type HealthSummary = Omit<HealthReport, 'workers' | 'contributors'>;

/** What a group needs to know of a member. */
export interface GroupMember {
  readonly kind: 'worker' | 'contributor';
  readonly name: string;
  readonly status: HealthStatus;
  show(): MemberHealth;
}

/**
 * A group of members, or the whole: its status, kept by counting as members change, and its report, put together when it
 * is asked for. With 10,000 members a change costs no more than with one.
 */
export class HealthGroup {
  private readonly workers: GroupMember[] = [];
  private readonly contributors: GroupMember[] = [];
  private readonly counts: Record<HealthStatus, number> = { ok: 0, degraded: 0, unhealthy: 0 };
  private status: HealthStatus = 'ok';
  private reason: string | undefined;
  private report: HealthReport | undefined;

  /** @param name undefined is the whole */
  constructor(
    readonly name: string | undefined,
    private sinceMs: number,
  ) {}

  /** The worst status among the members. */
  get ofMembers(): HealthStatus {
    if (this.counts.unhealthy > 0) return 'unhealthy';
    return this.counts.degraded > 0 ? 'degraded' : 'ok';
  }

  /** The status, as it was last settled. */
  get current(): HealthStatus {
    return this.status;
  }

  /** Why, when that is not the members. */
  get why(): string | undefined {
    return this.reason;
  }

  add(member: GroupMember): void {
    (member.kind === 'worker' ? this.workers : this.contributors).push(member);
    this.counts[member.status]++;
    this.outdate();
  }

  /** A member has something new to show; `before` and `after` are what it counted as and counts as. */
  memberChanged(before: HealthStatus, after: HealthStatus): void {
    this.counts[before]--;
    this.counts[after]++;
    this.outdate();
  }

  /** The report has to be put together anew. */
  outdate(): void {
    this.report = undefined;
  }

  /** Decides the status: by the verdict, else by the members. Called after every change, so that `since` is when it was. */
  settle(verdict: PhaseVerdict | undefined, nowMs: number): void {
    const { status, reason } = verdict ?? { status: this.ofMembers };
    if (status === this.status && reason === this.reason) return;
    if (status !== this.status) this.sinceMs = nowMs;
    this.status = status;
    this.reason = reason;
    this.outdate();
  }

  /** The group without its members, at no cost. */
  summary(): HealthSummary {
    return {
      status: this.status,
      since: new Date(this.sinceMs),
      ...(this.reason !== undefined && { reason: this.reason }),
    };
  }

  /** The same object as long as nothing in it has changed. */
  show(): HealthReport {
    this.report ??= {
      ...this.summary(),
      workers: shownByName(this.workers),
      contributors: shownByName(this.contributors),
    };
    return this.report;
  }
}

function shownByName(members: readonly GroupMember[]): Record<string, MemberHealth> {
  // Without a prototype no name can mean anything but a member.
  const byName = Object.create(null) as Record<string, MemberHealth>;
  for (const member of members) byName[member.name] = member.show();
  return byName;
}
