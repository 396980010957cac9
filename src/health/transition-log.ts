import type { HealthStatus } from '../contracts/health.js';
import type { Logger } from '../contracts/logger.js';
import type { Member } from './member.js';

/**
 * One log line for each change of a member's status, never one for a check. A member is taken for well until the log has
 * said otherwise, so what is well from the beginning is never mentioned.
 */
export class TransitionLog {
  /** What was last said of members; those that are well are left out. */
  private readonly said = new Map<Member, HealthStatus>();

  constructor(private readonly log: Logger) {}

  /** Says that the member's status has changed, unless that was said already. */
  mention(member: Member): void {
    const { kind, name, raw, reason, critical } = member;
    const was = this.said.get(member) ?? 'ok';
    if (raw === was) return;
    if (raw === 'ok') this.said.delete(member);
    else this.said.set(member, raw);
    const fields = { [kind]: name, health: raw, was, ...(reason !== undefined && { reason }) };
    const text = `${kind} "${name}" is ${raw}, was ${was}${reason === undefined ? '' : `: ${reason}`}`;
    if (raw === 'ok') this.log.info(fields, text);
    else if (raw === 'unhealthy' && critical) this.log.error(fields, text);
    else this.log.warn(fields, text);
  }
}
