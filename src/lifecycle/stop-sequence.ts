import type { Clock } from '../contracts/clock.js';
import type { WorkerStopReport } from '../contracts/stop-report.js';
import { within } from '../time/within.js';
import { dependentsOf, needsFirst } from './needs.js';
import { mostAtOnce, type Participant } from './participant.js';
import { clipBudget } from './stop-budget.js';

/**
 * A participant that ends later than its own budget says is given up after so long, so that nobody can hold up the end. Long
 * enough for the timers of a machine that is very busy: the participant itself knows better what it leaves open.
 */
const toleranceMs = 1_000;

/** Stops the participants in reverse order of their needs, each once all who need it have stopped. */
export class StopSequence {
  private readonly underWay = new Set<Participant>();
  private hurried = false;

  constructor(
    private readonly participants: readonly Participant[],
    private readonly clock: Clock,
  ) {}

  /**
   * Stops all, side by side where the needs allow. Never rejects; answers how it went, in the order in which they were told.
   * @param deadlineMs monotonic time at which all of it is over; each has its own budget within what is left
   */
  async run(deadlineMs: number): Promise<readonly WorkerStopReport[]> {
    const dependents = dependentsOf(this.participants);
    const reports: WorkerStopReport[] = [];
    const stops = new Map<string, Promise<void>>();
    for (const participant of needsFirst(this.participants).reverse()) {
      const before = (dependents.get(participant.name) ?? []).flatMap((name) => stops.get(name) ?? []);
      const stop = async (): Promise<void> => {
        await Promise.all(before);
        const place = reports.push(notYet(participant)) - 1;
        reports[place] = await this.stopOne(participant, deadlineMs);
      };
      stops.set(participant.name, stop());
      if (stops.size % mostAtOnce === 0) await this.clock.yield();
    }
    await Promise.all(stops.values());
    return reports;
  }

  /** Draining is over, for those who drain and for those who have not been told to stop yet. The order stays. */
  hurry(): void {
    this.hurried = true;
    for (const participant of this.underWay) void participant.stop({ ...participant.budget, drainMs: 0 }, true);
  }

  private async stopOne(participant: Participant, deadlineMs: number): Promise<WorkerStopReport> {
    const { clock, hurried } = this;
    const budget = clipBudget(
      hurried ? { ...participant.budget, drainMs: 0 } : participant.budget,
      deadlineMs - clock.monotonic(),
    );
    this.underWay.add(participant);
    const leftMs = Math.max(0, deadlineMs - clock.monotonic());
    const limitMs = Math.min(budget.drainMs + budget.abortMs + toleranceMs, leftMs);
    const report = await within(clock, limitMs, participant.stop(budget, hurried));
    this.underWay.delete(participant);
    return report ?? { ...notYet(participant), durationMs: limitMs, open: 'something else that was under way' };
  }
}

function notYet(participant: Participant): WorkerStopReport {
  return { worker: participant.name, result: 'abandoned', durationMs: 0 };
}
