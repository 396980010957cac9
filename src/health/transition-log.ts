import type { HealthStatus } from '../contracts/health.js';
import type { Logger } from '../contracts/logger.js';
import type { EventSink } from '../events/event-sink.js';
import type { Member } from './member.js';

/** How often a member has become this. */
export interface TransitionCount {
  readonly kind: 'worker' | 'contributor';
  readonly name: string;
  readonly to: HealthStatus;
  count: number;
}

/**
 * One log line, one event and one count for each change of a member's status, never one for a check. A member is taken for well until the log has
 * said otherwise, so what is well from the beginning is never mentioned.
 */
export class TransitionLog {
  /** What was last said of members; those that are well are left out. */
  private readonly said = new Map<Member, HealthStatus>();

  private readonly counted = new Map<string, TransitionCount>();

  constructor(
    private readonly log: Logger,
    private readonly events: EventSink,
  ) {}

  /** How often each member has become what, of all that was mentioned. */
  counts(): readonly Readonly<TransitionCount>[] {
    return [...this.counted.values()];
  }

  /** Says that the member's status has changed, unless that was said already. */
  mention(member: Member): void {
    const { kind, name, raw, reason, critical } = member;
    const was = this.said.get(member) ?? 'ok';
    if (raw === was) return;
    if (raw === 'ok') this.said.delete(member);
    else this.said.set(member, raw);
    this.count(member, raw);
    if (this.events.isHeard) {
      const why = reason === undefined ? {} : { reason };
      this.events.publish({ type: 'health', kind, name, from: was, to: raw, ...why });
    }
    const fields = { [kind]: name, health: raw, was, ...(reason !== undefined && { reason }) };
    const text = `${kind} "${name}" is ${raw}, was ${was}${reason === undefined ? '' : `: ${reason}`}`;
    if (raw === 'ok') this.log.info(fields, text);
    else if (raw === 'unhealthy' && critical) this.log.error(fields, text);
    else this.log.warn(fields, text);
  }

  private count({ kind, name }: Member, to: HealthStatus): void {
    const key = `${kind} ${to} ${name}`;
    const counted = this.counted.get(key);
    if (counted === undefined) this.counted.set(key, { kind, name, to, count: 1 });
    else counted.count++;
  }
}
