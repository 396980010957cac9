import type { Clock, Timer } from '../contracts/clock.js';
import type { Health } from '../contracts/health.js';
import type { Scrub } from '../secrets/scrub.js';
import { within } from '../time/within.js';
import { mostLateMs } from './contributor-check.js';
import { type GroupRules, groupsByRules } from './group-rules.js';
import type { HealthBoard } from './health-board.js';
import { Member, type MemberTraits } from './member.js';
import { workerAnswerTimeoutMs, type WorkerHealthSource, WorkerReading } from './worker-reading.js';

/**
 * Health changes with time alone (a run is stuck, a success is long ago), so workers are read again once that can be, but no
 * more often than this. One timer for all: a sweep over 10,000 workers takes a millisecond.
 */
export const sweepMs = 5_000;

/** How far behind the `checkedAt` of a worker may be while it says the same again and again. */
const workerGrainMs = 10_000;

/** What workers have in common, as members by their health and by their progress. */
interface WorkerTraits {
  readonly health: MemberTraits;
  readonly progress: MemberTraits;
}

/** Reads the workers: those that have changed before anybody sees a report, and all of them now and then. */
export class WorkerWatch {
  private readonly readings = new Map<string, WorkerReading>();
  /** All of them once more: to go through a list leaves nothing to clear away. */
  private readonly allReadings: WorkerReading[] = [];
  private readonly changed = new Set<WorkerReading>();
  private haveAllChanged = false;
  // Shared by all workers that have them: with 10,000 of them one for each would be felt.
  private readonly traits = new Map<string, WorkerTraits>();
  private sweepTimer: Timer | undefined;
  private soonTimer: Timer | undefined;
  private isRunning = false;
  /** When the last sweep was, and when the next one is due, on the monotonic clock. */
  private sweptMs = -Infinity;
  private sweepDueMs = Infinity;
  /** Somebody has looked at a report since the last sweep. */
  private isLookedAt = false;

  constructor(
    private readonly board: HealthBoard,
    private readonly clock: Clock,
    private readonly scrub: Scrub,
    private readonly groupRules: GroupRules = {},
  ) {}

  /** The names of all workers. */
  names(): string[] {
    return [...this.readings.keys()];
  }

  /** Counts a worker in. Answers false, and does nothing, when there is one of this name. */
  add(name: string, source: WorkerHealthSource): boolean {
    if (this.readings.has(name)) return false;
    const { board, clock } = this;
    const traits = this.traitsOf(name, source.critical);
    const nowMs = clock.now();
    const health = new Member(name, traits.health, nowMs);
    const progress = new Member(name, traits.progress, nowMs);
    board.add(health);
    board.add(progress);
    const reading = new WorkerReading(health, progress, source, clock, board);
    this.readings.set(name, reading);
    this.allReadings.push(reading);
    if (this.isRunning) this.noteChange(name);
    return true;
  }

  /** Reads from now on. Workers are about to start: they are read once they have, or when somebody asks before. */
  start(): void {
    this.isRunning = true;
    this.haveAllChanged = true;
    this.sweptMs = this.clock.monotonic();
    this.readSoon();
  }

  /** Reads no more by itself. */
  stop(): void {
    this.isRunning = false;
    this.sweepTimer?.cancel();
    this.sweepDueMs = Infinity;
    this.soonTimer?.cancel();
    this.soonTimer = undefined;
  }

  /** The health of a worker may be another one now. */
  noteChange(name: string): void {
    const reading = this.readings.get(name);
    if (reading === undefined) return;
    if (!this.haveAllChanged) this.changed.add(reading);
    if (this.isRunning) this.readSoon();
  }

  /** What is known of a worker; undefined when there is none of this name. */
  health(name: string): Health | undefined {
    this.readChanged();
    return this.readings.get(name)?.health.health();
  }

  /** Somebody is about to look at a report, which shows how old what it says is: it is made anew after a while. */
  lookedAt(): void {
    this.readChanged();
    if (this.isLookedAt) return;
    this.isLookedAt = true;
    this.sweepAfter(this.clock.monotonic() + sweepMs - 1);
  }

  /** Reads those that have changed since they were read. */
  readChanged(): void {
    if (this.haveAllChanged) {
      this.readAll();
    } else if (this.changed.size > 0) {
      const changed = [...this.changed];
      this.forgetChanges();
      this.read(changed);
    }
  }

  /** Reads all of them. */
  readAll(): void {
    this.forgetChanges();
    this.read(this.allReadings);
  }

  /** Reads all of them, and resolves when those that answer later have answered or were given up. */
  async refresh(): Promise<void> {
    this.readAll();
    const answers = this.allReadings.flatMap(({ pending }) => pending ?? []);
    await Promise.all(answers.map((answer) => within(this.clock, workerAnswerTimeoutMs, answer)));
  }

  private read(readings: Iterable<WorkerReading>): void {
    const nowMs = this.clock.now();
    let steadyUntilMs = Infinity;
    for (const reading of readings) {
      reading.read(nowMs);
      steadyUntilMs = Math.min(steadyUntilMs, reading.steadyUntilMs);
    }
    this.board.announce();
    this.sweepAfter(steadyUntilMs);
  }

  private readSoon(): void {
    if (this.soonTimer !== undefined) return;
    const read = (): void => {
      this.readChanged();
    };
    this.soonTimer = this.clock.setTimer(0, read, { keepAlive: false });
  }

  /** Has those who are not steady any longer read after `atMs` on the monotonic clock, but not all the time. */
  private sweepAfter(atMs: number): void {
    const dueMs = Math.max(atMs + 1, this.sweptMs + sweepMs);
    if (!this.isRunning || dueMs >= this.sweepDueMs) return;
    this.sweepTimer?.cancel();
    this.setSweep(dueMs, true);
  }

  // A timer that is late says that the event loop was blocked. Then runs are late that will come at once: they have their
  // turn first, or a busy moment would pass for a schedule that stands still.
  private setSweep(dueMs: number, canBeLate: boolean): void {
    this.sweepDueMs = dueMs;
    if (dueMs === Infinity) return;
    const sweep = (): void => {
      const nowMs = this.clock.monotonic();
      if (canBeLate && nowMs - dueMs > mostLateMs) this.setSweep(nowMs + mostLateMs, false);
      else this.sweep(nowMs);
    };
    this.sweepTimer = this.clock.setTimer(dueMs - this.clock.monotonic(), sweep, { keepAlive: false });
  }

  private sweep(nowMs: number): void {
    this.sweptMs = nowMs;
    this.sweepDueMs = Infinity;
    const { isLookedAt } = this;
    this.isLookedAt = false;
    const due = isLookedAt ? this.allReadings : this.allReadings.filter(({ steadyUntilMs }) => steadyUntilMs < nowMs);
    this.read(due);
    this.sweepAfter(this.allReadings.reduce((earliest, each) => Math.min(earliest, each.steadyUntilMs), Infinity));
    if (isLookedAt) this.board.publishSeenAgain();
  }

  private forgetChanges(): void {
    this.soonTimer?.cancel();
    this.soonTimer = undefined;
    this.haveAllChanged = false;
    this.changed.clear();
  }

  private traitsOf(name: string, critical: boolean): WorkerTraits {
    const groups = groupsByRules(this.groupRules, name, ['live', 'ready']);
    const key = `${critical ? 'critical' : 'other'} ${groups.join(' ')}`;
    let traits = this.traits.get(key);
    if (traits === undefined) {
      const { board, scrub } = this;
      const both = { kind: 'worker', critical, scrub, checkedAtGrainMs: workerGrainMs } as const;
      const named = (isLive: boolean) =>
        groups.filter((group) => (group === 'live') === isLive).map((group) => board.group(group));
      traits = {
        health: { ...both, groups: [board.whole, ...named(false)], isMentioned: true },
        progress: { ...both, groups: named(true), isMentioned: false },
      };
      this.traits.set(key, traits);
    }
    return traits;
  }
}
