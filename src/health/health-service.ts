import type { Clock } from '../contracts/clock.js';
import type { Health, HealthContributor, HealthContributorOptions, HealthReport } from '../contracts/health.js';
import type { Logger } from '../contracts/logger.js';
import { PlbaError } from '../errors.js';
import type { EventSink } from '../events/event-sink.js';
import type { Scrub } from '../secrets/scrub.js';
import { healthFrom, healthOfError } from './answer.js';
import { ContributorCheck } from './contributor-check.js';
import { effectiveContributorOptions } from './contributor-options.js';
import { checkGroupName, groupsOf } from './group-names.js';
import { type GroupRules, groupsByRules } from './group-rules.js';
import { HealthBoard } from './health-board.js';
import type { HealthSummary } from './health-group.js';
import { Member } from './member.js';
import type { HealthPhase } from './phase.js';
import type { TransitionCount } from './transition-log.js';
import { weigh, type Weighed } from './thresholds.js';
import type { WorkerHealthSource } from './worker-reading.js';
import { WorkerWatch } from './worker-watch.js';

/** What a {@link HealthService} is made with. */
export interface HealthServiceOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Takes secrets out of reasons and details. */
  readonly scrub?: Scrub | undefined;
  /** Where changes are told. Default: nowhere. */
  readonly events?: EventSink;
  /** What configuration says about who is in which group. Default: nothing. */
  readonly groups?: GroupRules;
  /** Told of each check how long it took to answer or to be given up. */
  readonly onCheck?: ((contributor: string, durationMs: number) => void) | undefined;
}

/**
 * The health of one application: asks contributors in the background, reads workers when they change, and keeps a report
 * for each group and for the whole that can be read at any time at no cost.
 *
 * A report is the same object as long as nothing in it has changed, and {@link onChange} says when it may have: whoever
 * serialises reports does it once a change and not once a request. An answer that only repeats the last one moves nothing
 * but `checkedAt`; that becomes visible every five seconds for all contributors together, and for workers every ten.
 */
export class HealthService {
  private readonly clock: Clock;
  private readonly log: Logger;
  private readonly scrub: Scrub;
  private readonly onCheck: (contributor: string, durationMs: number) => void;
  private readonly board: HealthBoard;
  private readonly workers: WorkerWatch;
  private readonly contributors = new Map<string, { readonly member: Member; readonly check: ContributorCheck }>();
  private readonly groupRules: GroupRules;
  private isRunning = false;

  constructor({
    clock,
    log,
    scrub = (text) => text,
    onCheck = () => undefined,
    groups = {},
    events,
  }: HealthServiceOptions) {
    this.clock = clock;
    this.log = log;
    this.scrub = scrub;
    this.onCheck = onCheck;
    this.board = new HealthBoard(clock, log, events);
    for (const name of Object.keys(groups)) {
      checkGroupName(name, `plba.health.groups.${name}`);
      this.board.group(name);
    }
    this.groupRules = groups;
    this.workers = new WorkerWatch(this.board, clock, scrub, groups);
  }

  /**
   * Counts a worker in: it is part of the whole and of `ready`, and its own progress is part of `live`.
   * @throws PlbaError `NAME_DUPLICATE`
   */
  addWorker(name: string, source: WorkerHealthSource): void {
    if (!this.workers.add(name, source)) throw duplicate('workers', name);
  }

  /**
   * Counts a contributor in: it is part of the whole and of the groups it names.
   * @throws PlbaError `NAME_DUPLICATE`, `HEALTH_GROUP_INVALID`, `NAME_INVALID` (of a group), `DURATION_INVALID`, `OPTION_INVALID`
   */
  addContributor(options: HealthContributorOptions, contributor: HealthContributor): void {
    const { board, clock, log, scrub } = this;
    const { name } = options;
    if (this.contributors.has(name)) throw duplicate('health contributors', name);
    const effective = effectiveContributorOptions(options);
    const { critical } = effective;
    const named = groupsByRules(this.groupRules, name, groupsOf(name, options.groups));
    const groups = [board.whole, ...named.map((group) => board.group(group))];
    const traits = { kind: 'contributor', critical, groups, scrub, checkedAtGrainMs: 0, isMentioned: true } as const;
    const member = new Member(name, traits, clock.now());
    board.add(member);
    let weighed: Weighed | undefined;
    const learn = (health: Health): void => {
      weighed = weigh(effective, weighed, health);
      board.note(member, member.learn(weighed.health, clock.now()));
      board.announce();
    };
    const answered = (answer: unknown): void => {
      learn(healthFrom(answer, scrub));
    };
    const threw = (error: unknown): void => {
      learn(healthOfError(error, scrub));
    };
    const took = (durationMs: number): void => {
      this.onCheck(name, durationMs);
    };
    const check = new ContributorCheck({ ...effective, contributor, clock, log, answered, threw, took });
    this.contributors.set(name, { member, check });
    if (this.isRunning) check.start();
  }

  /** Says where the application is: probes answer by it. Begins with `starting`. */
  setPhase(phase: HealthPhase): void {
    if (phase === 'running') this.workers.haveStarted();
    this.board.enter(phase);
  }

  /** Asks everybody at once, and keeps asking. Keeps no process alive. */
  start(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    this.workers.start();
    for (const { check } of this.contributors.values()) check.start();
  }

  /** Asks no more and aborts the checks on their way. Reports can still be read. */
  stop(): void {
    this.isRunning = false;
    this.workers.stop();
    for (const { check } of this.contributors.values()) check.stop();
  }

  /** Says that the health of a worker may be another one now. Cheap: it is read once, before anybody sees a report. */
  workerChanged(name: string): void {
    this.workers.noteChange(name);
  }

  /** The report of a group, or of the whole when none is named; undefined when there is no such group. */
  report(group?: string): HealthReport | undefined {
    this.workers.lookedAt();
    return this.board.report(group);
  }

  /** What a group, or the whole, amounts to: for who follows each change and shows no members. */
  summary(group?: string): HealthSummary | undefined {
    this.workers.readChanged();
    return this.board.summary(group);
  }

  /** The names of all groups: `live`, `ready`, `startup`, and those that contributors name. */
  groups(): readonly string[] {
    return this.board.groupNames();
  }

  /** What a contributor has answered last; `unhealthy` as long as it has not, undefined when there is no such contributor. */
  contributorHealth(name: string): Health | undefined {
    return this.contributors.get(name)?.member.health();
  }

  /** What is known of a worker; `unhealthy` as long as it was not read, undefined when there is no such worker. */
  workerHealth(name: string): Health | undefined {
    return this.workers.health(name);
  }

  /** Asks those contributors now that are among `names`, and does not wait for what they answer. */
  askSoon(names: readonly string[]): void {
    if (!this.isRunning) return;
    for (const name of names) this.contributors.get(name)?.check.askAnew();
  }

  /** Asks everybody now. Resolves when all have answered or were given up. */
  async refresh(): Promise<void> {
    const checks = [...this.contributors.values()].map(({ check }) => check.ask());
    await Promise.all([this.workers.refresh(), ...checks]);
    this.board.publishSeenAgain();
  }

  /** How often each worker and contributor has become what: as often as the log has said so. */
  transitions(): readonly Readonly<TransitionCount>[] {
    return this.board.transitionCounts();
  }

  /** Calls back whenever a report may have changed. Answers how to end that. */
  onChange(listener: () => void): () => void {
    return this.board.onChange(listener);
  }
}

function duplicate(kind: string, name: string): PlbaError {
  return new PlbaError('NAME_DUPLICATE', `two ${kind} are called "${name}"`, { hint: 'rename one of them' });
}
