import type { Clock } from '../contracts/clock.js';
import type { StartTimelineEntry } from '../contracts/reports.js';
import { PlbaError } from '../errors.js';
import { formatDuration } from '../time/duration.js';
import { within } from '../time/within.js';
import { mostAtOnce, type Participant } from './participant.js';

interface TimelineEntry {
  readonly worker: string;
  readonly constructedMs: number;
  readonly startedMs: number;
  readonly waitedFor: readonly string[];
  readyMs?: number;
}

/** Lets all participants start at once, each as soon as what it needs is ready, and keeps the time. */
export class StartSequence {
  private readonly entries = new Map<Participant, TimelineEntry>();
  private hasFailed = false;

  constructor(
    private readonly participants: readonly Participant[],
    private readonly clock: Clock,
    private readonly constructedMs: (name: string) => number | undefined = () => undefined,
  ) {}

  /** When each participant was constructed, told to start, and ready, in milliseconds from the start. */
  timeline(): readonly StartTimelineEntry[] {
    return [...this.entries.values()].map((entry) => ({ ...entry }));
  }

  /**
   * Resolves when all have started, or when `stopping` aborts. Rejects with the first cause when one does not come up.
   * @param originMs monotonic time from which the timeline counts
   * @throws `START_TIMED_OUT` after `limitMs`, with who waits for whom
   */
  async run(originMs: number, limitMs: number, stopping: AbortSignal): Promise<void> {
    const started = new Promise<'all'>((resolve, reject) => {
      void this.startEach(originMs, stopping, reject).then(() => {
        resolve('all');
      });
    });
    const end = await within(this.clock, limitMs, started, stopping);
    if (end === undefined && !stopping.aborted) throw this.timedOut(limitMs);
  }

  /** Resolves when all have started or `stopping` aborts; `onFailed` is told at once of each that does not come up. */
  private async startEach(originMs: number, stopping: AbortSignal, onFailed: (error: unknown) => void): Promise<void> {
    const starts: Promise<void>[] = [];
    for (const participant of this.participants) {
      if (this.hasFailed || stopping.aborted) break;
      const start = this.startOne(participant, originMs).catch((error: unknown) => {
        this.hasFailed = true;
        onFailed(error);
      });
      if (starts.push(start) % mostAtOnce === 0) await this.clock.yield();
    }
    await Promise.all(starts);
  }

  private async startOne(participant: Participant, originMs: number): Promise<void> {
    const elapsedMs = (): number => Math.round(this.clock.monotonic() - originMs);
    const entry: TimelineEntry = {
      worker: participant.name,
      constructedMs: this.constructedMs(participant.name) ?? 0,
      startedMs: elapsedMs(),
      waitedFor: participant.needs,
    };
    this.entries.set(participant, entry);
    await participant.start();
    entry.readyMs = elapsedMs();
  }

  private timedOut(limitMs: number): PlbaError {
    const hanging = this.hanging().map((participant) => {
      const { state, waitingFor, trouble } = participant.describe();
      const whom = waitingFor.length > 0 ? ` for ${waitingFor.join(', ')}` : '';
      return `"${participant.name}" is ${state}${whom}${trouble === undefined ? '' : `, ${trouble}`}`;
    });
    const whereToLook = this.hanging().some((participant) => participant.describe().waitingFor.length > 0)
      ? 'look at the one that the others wait for'
      : 'let start() return when the worker is ready, not when its work is done';
    const more = hanging.length > mostNamed ? ` and ${hanging.length - mostNamed} more` : '';
    return new PlbaError(
      'START_TIMED_OUT',
      `not all workers were ready after ${formatDuration(limitMs)}: ${hanging.slice(0, mostNamed).join('; ')}${more}`,
      { hint: `${whereToLook}, or raise plba.start.timeout` },
    );
  }

  /** Those who have not started, and whoever they wait for: that may be up and still at work that is done once. */
  private hanging(): Participant[] {
    const pending = this.participants.filter((participant) => this.entries.get(participant)?.readyMs === undefined);
    const named = new Set(pending.flatMap((participant) => [participant.name, ...participant.describe().waitingFor]));
    return this.participants.filter(({ name }) => named.has(name));
  }
}

/** More names than this help nobody. */
const mostNamed = 10;
