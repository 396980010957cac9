import type { Clock } from '../contracts/clock.js';
import type { Logger } from '../contracts/logger.js';
import type { StartTimelineEntry } from '../contracts/reports.js';
import type { StopReport, WorkerStopReport } from '../contracts/stop-report.js';
import { PlbaError } from '../errors.js';
import { summarizeError } from '../plain/error-summary.js';
import type { ErrorSummary } from '../contracts/error-summary.js';
import { formatDuration } from '../time/duration.js';
import { attempt, within } from '../time/within.js';
import type { DrivenLifetime } from './application-lifetime.js';
import { describeCause, exitCodeFor, stopHeadline, type StopCause } from './exit-code.js';
import { dependentsOf, longestChain, needsFirst, type Needy } from './needs.js';

/** Something that is started and stopped in the order of its needs: a worker. */
export interface Participant extends Needy {
  /** What each rung of the stop ladder may take. */
  readonly budget: { readonly drainMs: number; readonly abortMs: number };
  /** Waits for what it needs; resolves when it is ready, rejects when it does not come up. */
  start(): Promise<void>;
  /** Takes the stop ladder. Never rejects. `force` also ends a draining that is under way. */
  stop(budget: { readonly drainMs: number; readonly abortMs: number }, force?: boolean): Promise<WorkerStopReport>;
  /** Whether those who need it may start. */
  isReady(): boolean;
  /** What it waits for, or what it is doing, for a start that hangs. */
  describe(): { readonly state: string; readonly waitingFor: readonly string[] };
}

/** A part of the platform that is up before the first participant and down after the last. */
export interface OuterPart {
  readonly name: string;
  start(): void | Promise<void>;
  stop(): void | Promise<void>;
}

/** What a lifecycle service is made of. */
export interface LifecycleParts {
  readonly application: string;
  readonly participants: readonly Participant[];
  /** Started in this order, stopped in reverse. */
  readonly outer: readonly OuterPart[];
  readonly lifetime: DrivenLifetime;
  readonly clock: Clock;
  readonly log: Logger;
  readonly startTimeoutMs: number;
  readonly shutdown: { readonly timeoutMs: number; readonly delayMs: number };
}

/** No outer part may hold up the end for longer than this. */
const outerStopMs = 2_000;

/** Drives the application: starts everything in the order of needs, stops it in reverse, exactly once. */
export class LifecycleService {
  private startedMs = 0;
  private readonly timeline = new Map<string, { startedMs: number; readyMs?: number; waitedFor: readonly string[] }>();
  private readonly outerStarted: OuterPart[] = [];
  private stopped: Promise<StopReport> | undefined;
  private readonly hurried = new AbortController();
  private startFailure: unknown;

  constructor(private readonly parts: LifecycleParts) {}

  /** Milliseconds since the start was ordered. */
  get uptimeMs(): number {
    return this.startedMs === 0 ? 0 : Math.round(this.parts.clock.monotonic() - this.startedMs);
  }

  /** When each participant was told to start and when it was ready, in milliseconds from the start. */
  startTimeline(): readonly StartTimelineEntry[] {
    return [...this.timeline].map(([worker, entry]) => ({ worker, ...entry }));
  }

  /**
   * Starts everything. Resolves when all participants are ready. Rejects with the first cause, after whatever had been
   * started is stopped again.
   */
  async start(): Promise<void> {
    const { lifetime, clock } = this.parts;
    if (lifetime.state !== 'created') {
      throw new PlbaError(
        'APPLICATION_STATE',
        `application "${this.parts.application}" cannot start: it is ${lifetime.state}`,
        {
          hint: 'an application starts once; create another one',
        },
      );
    }
    lifetime.moveTo('starting');
    this.startedMs = clock.monotonic();
    this.warnOfTightBudget();
    try {
      for (const part of this.parts.outer) {
        await part.start();
        this.outerStarted.push(part);
        this.throwIfStopping();
      }
      await this.startParticipants();
      this.throwIfStopping();
    } catch (error) {
      await this.stop({ kind: 'start-failed', error });
      throw this.startFailure ?? error;
    }
    lifetime.moveTo('running');
  }

  /**
   * Stops everything: readiness first, then the ladder in reverse order of needs, the outer parts last. Called again it
   * answers the same report. Never rejects.
   */
  stop(cause: StopCause): Promise<StopReport> {
    if (this.stopped !== undefined) return this.stopped;
    // A worker that is lost while the application starts is a start that failed, and the first cause wins.
    const isLostAtStart = this.parts.lifetime.state === 'starting' && cause.kind === 'worker-lost';
    if (isLostAtStart) this.startFailure = cause.error;
    return (this.stopped = this.takeDown(isLostAtStart ? { kind: 'start-failed', error: cause.error } : cause));
  }

  /** Ends all draining and waiting: whatever is still up is aborted now. */
  hurry(): void {
    this.hurried.abort();
    for (const participant of this.parts.participants)
      void participant.stop({ ...participant.budget, drainMs: 0 }, true);
  }

  private async startParticipants(): Promise<void> {
    const { participants, clock, startTimeoutMs } = this.parts;
    const ready = Promise.all(participants.map((participant) => this.startOne(participant))).then(
      () => 'ready' as const,
    );
    const outcome = await within(clock, startTimeoutMs, ready, this.parts.lifetime.stopping);
    if (outcome === 'ready') return;
    this.throwIfStopping();
    const hanging = participants
      .filter((participant) => !participant.isReady())
      .map((participant) => {
        const { state, waitingFor } = participant.describe();
        return `"${participant.name}" is ${state}${waitingFor.length > 0 ? ` for ${waitingFor.join(', ')}` : ''}`;
      });
    throw new PlbaError(
      'START_TIMED_OUT',
      `not all workers were ready after ${formatDuration(startTimeoutMs)}: ${hanging.slice(0, 10).join('; ')}${hanging.length > 10 ? ` and ${hanging.length - 10} more` : ''}`,
      { hint: 'look at the one that the others wait for, or raise plba.start.timeout' },
    );
  }

  private async startOne(participant: Participant): Promise<void> {
    const { clock } = this.parts;
    const elapsedMs = (): number => Math.round(clock.monotonic() - this.startedMs);
    const entry: { startedMs: number; readyMs?: number; waitedFor: readonly string[] } = {
      startedMs: elapsedMs(),
      waitedFor: participant.needs,
    };
    this.timeline.set(participant.name, entry);
    await participant.start();
    entry.readyMs = elapsedMs();
  }

  private throwIfStopping(): void {
    if (this.parts.lifetime.stopping.aborted) {
      throw new PlbaError('START_ABORTED', `application "${this.parts.application}" was told to stop while it started`);
    }
  }

  private async takeDown(cause: StopCause): Promise<StopReport> {
    const { application, clock, lifetime, log, shutdown } = this.parts;
    const beganMs = clock.monotonic();
    const reason = describeCause(cause);
    const neverStarted = lifetime.state === 'created';
    if (!neverStarted) {
      log.info(`stopping: ${reason}`);
      lifetime.moveTo('stopping');
      if (cause.kind === 'asked' && shutdown.delayMs > 0) await clock.sleep(shutdown.delayMs, this.hurried.signal);
    }
    const workers = neverStarted ? [] : await this.stopParticipants(clock.monotonic() + shutdown.timeoutMs);
    const errors: ErrorSummary[] = 'error' in cause ? [summarizeError(cause.error)] : [];
    for (const part of this.outerStarted.reverse()) {
      const stopped = await within(
        clock,
        outerStopMs,
        attempt(() => part.stop()),
      );
      if (stopped?.ok === true) continue;
      const error =
        stopped === undefined ? new Error(`${part.name} did not stop within ${outerStopMs} ms`) : stopped.error;
      log.error({ err: error }, `${part.name} did not stop well`);
      errors.push(summarizeError(error));
    }
    const report: StopReport = {
      application,
      reason,
      exitCode: exitCodeFor(cause, workers),
      durationMs: Math.round(clock.monotonic() - beganMs),
      workers,
      errors,
    };
    lifetime.moveTo(report.exitCode === 0 || neverStarted ? 'stopped' : 'failed');
    log[report.exitCode === 0 ? 'info' : 'error']({ stop: report }, stopHeadline(report));
    return report;
  }

  /** In reverse order of needs: each is told to stop once all who need it have stopped, in parallel where the needs allow. */
  private async stopParticipants(deadlineMs: number): Promise<WorkerStopReport[]> {
    const { participants, clock } = this.parts;
    const dependents = dependentsOf(participants);
    const reports: WorkerStopReport[] = [];
    const stops = new Map<string, Promise<void>>();
    for (const participant of needsFirst(participants).reverse()) {
      const before = (dependents.get(participant.name) ?? []).map((name) => stops.get(name));
      const stopOne = async (): Promise<void> => {
        await Promise.all(before);
        const slot = reports.length;
        reports.push({ worker: participant.name, result: 'abandoned', durationMs: 0 });
        const remainingMs = Math.max(0, deadlineMs - clock.monotonic());
        reports[slot] = await participant.stop(
          this.hurried.signal.aborted
            ? { drainMs: 0, abortMs: Math.min(participant.budget.abortMs, remainingMs) }
            : clip(participant.budget, remainingMs),
          this.hurried.signal.aborted,
        );
      };
      stops.set(participant.name, stopOne());
    }
    await Promise.all(stops.values());
    return reports;
  }

  private warnOfTightBudget(): void {
    const { participants, shutdown, log } = this.parts;
    const chain = longestChain(
      participants.map((participant) => ({
        ...participant,
        name: participant.name,
        needs: participant.needs,
        stopBudgetMs: participant.budget.drainMs + participant.budget.abortMs,
      })),
    );
    if (chain.totalMs <= shutdown.timeoutMs) return;
    log.warn(
      { chain: chain.names, totalMs: chain.totalMs, timeoutMs: shutdown.timeoutMs },
      `stopping ${chain.names.join(', then ')} may take ${formatDuration(chain.totalMs)}, and plba.shutdown.timeout is ${formatDuration(shutdown.timeoutMs)}: the last of them will be cut short`,
    );
  }
}

/** The budget within what is left of the global deadline: draining gives way first, so that there is time to abort. */
function clip(
  budget: { readonly drainMs: number; readonly abortMs: number },
  remainingMs: number,
): { drainMs: number; abortMs: number } {
  const abortMs = Math.min(budget.abortMs, remainingMs);
  return { drainMs: Math.min(budget.drainMs, remainingMs - abortMs), abortMs };
}
