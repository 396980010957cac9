import type { Clock, Timer } from '../contracts/clock.js';
import type { Health } from '../contracts/health.js';
import type { Scrub } from '../secrets/scrub.js';
import { within } from '../time/within.js';
import { type GroupRules, groupsByRules } from './group-rules.js';
import type { HealthBoard } from './health-board.js';
import { Member, type MemberTraits } from './member.js';
import { Sweep, sweepMs } from './sweep.js';
import { workerAnswerTimeoutMs, type WorkerHealthSource, WorkerReading } from './worker-reading.js';

/** How far behind the `checkedAt` of a worker may be while it says the same again and again. */
const workerGrainMs = 10_000;

/** What workers have in common, as members by their health and by their progress. */
interface WorkerTraits {
  readonly health: MemberTraits;
  readonly progress: MemberTraits;
}

/** Reads the workers: those that have changed, or can have by now, and all of them while somebody looks at reports. */
export class WorkerWatch {
  private readonly readings = new Map<string, WorkerReading>();
  /** All of them once more: to go through a list leaves nothing to clear away. */
  private readonly allReadings: WorkerReading[] = [];
  private readonly changed = new Set<WorkerReading>();
  private haveAllChanged = false;
  // Shared by all workers that have them: with 10,000 of them one for each would be felt.
  private readonly traits = new Map<string, WorkerTraits>();
  private readonly sweep: Sweep;
  private soonTimer: Timer | undefined;
  private isRunning = false;
  /** Workers are coming up: each has its state changed several times, and nobody waits for any of that but the last. */
  private areStarting = true;
  /** Somebody has looked at a report since the last sweep. */
  private isLookedAt = false;

  constructor(
    private readonly board: HealthBoard,
    private readonly clock: Clock,
    private readonly scrub: Scrub,
    private readonly groupRules: GroupRules = {},
  ) {
    this.sweep = new Sweep(clock, (nowMs) => {
      this.sweepAt(nowMs);
    });
  }

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

  /** Reads from now on. Workers are about to start: they are read once they {@link haveStarted}, or when somebody asks before. */
  start(): void {
    this.isRunning = true;
    this.haveAllChanged = true;
    this.sweep.start();
    this.readSoon();
  }

  /** All workers are up. */
  haveStarted(): void {
    this.areStarting = false;
    this.readAll();
  }

  /** Reads no more by itself. */
  stop(): void {
    this.isRunning = false;
    this.sweep.stop();
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
    if (!this.isLookedAt) this.lookAgain();
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
    this.sweep.after(steadyUntilMs);
  }

  private readSoon(): void {
    if (this.areStarting) this.sweep.after(-Infinity);
    if (this.areStarting || this.soonTimer !== undefined) return;
    const read = (): void => {
      this.readChanged();
    };
    this.soonTimer = this.clock.setTimer(0, read, { keepAlive: false });
  }

  // Health changes with time alone (a run is stuck, a success is long ago): those whose time has come are read again.
  private sweepAt(nowMs: number): void {
    const { isLookedAt } = this;
    this.isLookedAt = false;
    this.readChanged();
    const due = isLookedAt ? this.allReadings : this.allReadings.filter(({ steadyUntilMs }) => steadyUntilMs < nowMs);
    this.read(due);
    this.sweep.after(this.allReadings.reduce((earliest, each) => Math.min(earliest, each.steadyUntilMs), Infinity));
    // Whoever has been shown a report may keep it until it is another one, and asks no more before: nothing new to show is no
    // reason to stop looking.
    if (isLookedAt && !this.board.publishSeenAgain()) this.lookAgain();
  }

  private lookAgain(): void {
    this.isLookedAt = true;
    this.sweep.after(this.clock.monotonic() + sweepMs - 1);
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
