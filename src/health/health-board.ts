import type { Clock } from '../contracts/clock.js';
import type { HealthReport } from '../contracts/health.js';
import type { Logger } from '../contracts/logger.js';
import { type EventSink, unheard } from '../events/event-sink.js';
import { errorFields } from '../plain/error-fields.js';
import { builtInGroups } from './group-names.js';
import { HealthGroup, type HealthSummary } from './health-group.js';
import type { Difference, Member } from './member.js';
import { type HealthPhase, phaseVerdict } from './phase.js';
import { type TransitionCount, TransitionLog } from './transition-log.js';

/**
 * What is known about the health of an application, group by group, and who wants to know when it changes. Asks nobody.
 *
 * Changes are noted one by one and announced together: {@link note} for each, {@link announce} once at the end.
 */
export class HealthBoard {
  /** Everything. */
  readonly whole: HealthGroup;
  private readonly named = new Map<string, HealthGroup>();
  private readonly members: Member[] = [];
  private readonly listeners = new Set<() => void>();
  private readonly seenAgain = new Set<HealthGroup>();
  private readonly transitions: TransitionLog;
  private phase: HealthPhase = 'starting';
  private hasStarted = false;
  private hasChanged = false;
  /** Whether the groups have decided on their status with all members that there are. */
  private isSettled = false;

  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    private readonly log: Logger,
    private readonly events: EventSink = unheard,
  ) {
    this.transitions = new TransitionLog(log, events);
    this.whole = new HealthGroup(undefined, clock.now());
    for (const name of builtInGroups) this.group(name);
    this.settle();
  }

  /** The group called so; it comes to be when it is asked for. */
  group(name: string): HealthGroup {
    let group = this.named.get(name);
    if (group === undefined) {
      group = new HealthGroup(name, this.clock.now());
      this.named.set(name, group);
    }
    return group;
  }

  /** The names of all groups. */
  groupNames(): string[] {
    return [...this.named.keys()];
  }

  /** The report of a group, or of the whole; undefined when there is no such group. */
  report(group?: string): HealthReport | undefined {
    if (!this.isSettled) this.settle();
    return (group === undefined ? this.whole : this.named.get(group))?.show();
  }

  /** The same without the members. */
  summary(group?: string): HealthSummary | undefined {
    if (!this.isSettled) this.settle();
    return (group === undefined ? this.whole : this.named.get(group))?.summary();
  }

  /** Counts a member in, in the groups that it names. */
  add(member: Member): void {
    this.members.push(member);
    for (const group of member.groups) group.add(member);
    this.isSettled = false;
  }

  /** Where the application is now. */
  enter(phase: HealthPhase): void {
    if (phase === this.phase) return;
    this.phase = phase;
    for (const member of this.members) this.mention(member);
    this.hasChanged = true;
    this.announce();
  }

  /** Takes note of what an answer of `member` made different. */
  note(member: Member, difference: Difference): void {
    if (difference === 'none') return;
    if (difference === 'seen again') {
      for (const group of member.groups) this.seenAgain.add(group);
      return;
    }
    this.hasChanged = true;
    if (difference === 'status') this.mention(member);
  }

  /** Lets everybody know if anything noted since the last time has changed a report. */
  announce(): void {
    if (!this.hasChanged) return;
    this.hasChanged = false;
    this.settle();
    for (const listener of this.listeners) this.call(listener);
  }

  /** Makes visible that answers have been repeated since the last time: reports show when. Answers whether any have been. */
  publishSeenAgain(): boolean {
    if (this.seenAgain.size === 0) return false;
    for (const group of this.seenAgain) group.outdate();
    this.seenAgain.clear();
    this.hasChanged = true;
    this.announce();
    return true;
  }

  /** How often each member has become what; what goes without saying is left out. */
  transitionCounts(): readonly Readonly<TransitionCount>[] {
    return this.transitions.counts();
  }

  /** Calls back after every change. Answers how to end that. */
  onChange(listener: () => void): () => void {
    // A function of our own: the same listener given twice is called twice, and each ends for itself.
    const entry = (): void => {
      listener();
    };
    this.listeners.add(entry);
    return () => this.listeners.delete(entry);
  }

  private settle(): void {
    this.isSettled = true;
    const nowMs = this.clock.now();
    const isWell = this.group('startup').ofMembers !== 'unhealthy';
    if (this.phase === 'running' && isWell) this.hasStarted = true;
    this.settleGroup(this.whole, nowMs);
    for (const group of this.named.values()) this.settleGroup(group, nowMs);
  }

  private settleGroup(group: HealthGroup, nowMs: number): void {
    const from = group.current;
    group.settle(phaseVerdict(group.name, this.phase, this.hasStarted), nowMs);
    const to = group.current;
    if (to === from || !this.events.isHeard) return;
    const { name } = group;
    this.events.publish({
      type: 'health',
      ...(name === undefined ? { kind: 'application' } : { kind: 'group', name }),
      from,
      to,
      ...(group.why !== undefined && { reason: group.why }),
    });
  }

  // While the application starts or stops, workers come and go by order, and the lifecycle says so itself.
  private mention(member: Member): void {
    const isExpected = this.phase === 'stopping' || (this.phase === 'starting' && member.kind === 'worker');
    if (member.isMentioned && member.hasAnswered && !isExpected) this.transitions.mention(member);
  }

  private call(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      this.log.error({ err: errorFields(error) }, 'a listener to health changes threw');
    }
  }
}
