import type { Clock, Timer } from '../contracts/clock.js';
import type { Logger } from '../contracts/logger.js';
import { PlbaError } from '../errors.js';
import { formatDuration } from '../time/duration.js';

/** A run that was in progress while the event loop was blocked. */
export interface SuspectRun {
  readonly worker: string;
  readonly runId: string;
  /** For how much of that time it was in progress. */
  readonly overlapMs: number;
}

/** The event loop did not turn for a while. */
export interface Stall {
  readonly blockedMs: number;
  /** CPU that the process has used meanwhile. Little of it: it waited for a disk or a child process, or was suspended. */
  readonly cpuMs: number;
  /** Who was at work for most of that time, the longest first. Empty: it was no run. */
  readonly suspects: readonly SuspectRun[];
}

/** What a {@link LoopWatch} is made with. */
export interface LoopWatchOptions {
  /** Real time, with timers of its own. */
  readonly clock: Clock;
  readonly log: Logger;
  /** The runs that were in progress at some time between two times on the monotonic clock. */
  readonly runsBetween: (fromMs: number, toMs: number) => Iterable<SuspectRun>;
  /**
   * Whether the application still starts. Its code is loaded then, which blocks the loop on a slow machine: that is counted, and
   * logged at level debug as long as no run was in progress. Default: never.
   */
  readonly isStarting?: () => boolean;
  /** Called each time the loop turns. */
  readonly onBeat?: () => void;
}

/** How often the loop is looked at. */
const beatMs = 250;

/** A loop that is late by less than this is busy, not blocked. */
export const stallAfterMs = 1_000;

/**
 * Refuses to take a busy loop for a dead one.
 * @throws PlbaError `OPTION_INVALID`
 */
export function checkBlockedAfter(blockedAfterMs: number): void {
  if (blockedAfterMs >= stallAfterMs) return;
  throw new PlbaError('OPTION_INVALID', `plba.health.blockedAfter is ${formatDuration(blockedAfterMs)}`, {
    hint: `a loop that is late by less than ${formatDuration(stallAfterMs)} is busy, not blocked: set it to several seconds`,
  });
}

/** More than this many runs are not named. */
const mostNamed = 3;

/**
 * Notices that the event loop was blocked, once it turns again: logs for how long and in which run, and counts. The numbers
 * can be read at any time.
 */
export class LoopWatch {
  /** How often the loop was blocked. */
  stalls = 0;
  /** For how long altogether. */
  blockedMs = 0;
  private timer: Timer | undefined;

  constructor(private readonly options: LoopWatchOptions) {}

  /** Looks from now on. Keeps no process alive. */
  start(): void {
    if (this.timer === undefined) this.beat();
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private beat(): void {
    const { clock, onBeat, isStarting } = this.options;
    onBeat?.();
    const startedMs = clock.monotonic();
    const cpu = process.cpuUsage();
    const wasStarting = isStarting?.() ?? false;
    const look = (): void => {
      const nowMs = clock.monotonic();
      const lateMs = nowMs - startedMs - beatMs;
      if (lateMs >= stallAfterMs) this.report(startedMs, nowMs, cpu, wasStarting);
      this.beat();
    };
    this.timer = clock.setTimer(beatMs, look, { keepAlive: false });
  }

  private report(fromMs: number, toMs: number, cpuBefore: NodeJS.CpuUsage, wasStarting: boolean): void {
    const { log, runsBetween } = this.options;
    const blockedMs = Math.round(toMs - fromMs - beatMs);
    const { user, system } = process.cpuUsage(cpuBefore);
    const suspects = [...runsBetween(fromMs, toMs)]
      .filter(({ overlapMs }) => overlapMs >= blockedMs / 2)
      .sort((a, b) => b.overlapMs - a.overlapMs);
    const stall: Stall = { blockedMs, cpuMs: Math.round((user + system) / 1_000), suspects };
    this.stalls++;
    this.blockedMs += blockedMs;
    const [first] = suspects;
    const of = first === undefined || suspects.length > 1 ? {} : { worker: first.worker, runId: first.runId };
    const level = wasStarting && first === undefined ? 'debug' : 'warn';
    log[level]({ blockedMs, cpuMs: stall.cpuMs, ...of }, describeStall(stall));
  }
}

/** A stall in a sentence: `the event loop was blocked for 4.2s in run 8f2-1 of invoice-sync`. */
export function describeStall({ blockedMs, suspects }: Stall): string {
  const said = `the event loop was blocked for ${formatDuration(blockedMs)}`;
  const names = suspects.slice(0, mostNamed).map(({ worker, runId }) => `run ${runId} of ${worker}`);
  if (names.length <= 1) return [said, ...names].join(' in ');
  const further = suspects.length - names.length;
  return `${said} while these were in progress: ${names.join(', ')}${further > 0 ? ` and ${further} more` : ''}`;
}
