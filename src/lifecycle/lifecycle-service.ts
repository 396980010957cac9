import type { Clock } from '../contracts/clock.js';
import type { Logger } from '../contracts/logger.js';
import type { ContributorTimelineEntry, StartTimelineEntry } from '../contracts/reports.js';
import type { StopReport } from '../contracts/stop-report.js';
import { PlbaError } from '../errors.js';
import { summarizeError } from '../plain/error-summary.js';
import { scrubSummary } from '../plain/scrub-summary.js';
import type { Scrub } from '../secrets/scrub.js';
import { formatDuration } from '../time/duration.js';
import type { DrivenLifetime } from './application-lifetime.js';
import { describeCause, exitCodeFor, type StopCause } from './exit-code.js';
import { OuterParts } from './outer-parts.js';
import type { OuterPart, Participant } from './participant.js';
import type { ProcessSide } from './process-side.js';
import { startChart } from './start-chart.js';
import { StartSequence } from './start-sequence.js';
import type { StartTimes } from './start-times.js';
import { findTightChain } from './stop-budget.js';
import { stopLimits } from './stop-limits.js';
import { stopHeadline } from './stop-report-text.js';
import { StopSequence } from './stop-sequence.js';

const asItIs: Scrub = (text) => text;

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
  /** What came before the start. Default: nothing did. */
  readonly times?: StartTimes | undefined;
  readonly shutdown: { readonly timeoutMs: number; readonly delayMs: number };
  /** Takes secrets out of the stop report. Default: there are none. */
  readonly scrub?: Scrub | undefined;
  /** Absent when the application is embedded. */
  readonly process?: ProcessSide | undefined;
}

/** Drives the application: starts everything in the order of needs, stops it in reverse, exactly once. */
export class LifecycleService {
  private readonly outer: OuterParts;
  private readonly startSequence: StartSequence;
  private readonly stopSequence: StopSequence;
  private readonly hurried = new AbortController();
  private startedMs: number | undefined;
  private stopped: Promise<StopReport> | undefined;
  private stopDeadlineMs = Infinity;
  /** Why the start failed, when that came from elsewhere. */
  private startFailure: unknown;
  /** Fatal process errors that came while it stopped for something else. */
  private readonly processErrors: unknown[] = [];

  constructor(private readonly parts: LifecycleParts) {
    const { outer, participants, clock, times } = parts;
    this.outer = new OuterParts(outer, clock);
    this.startSequence = new StartSequence(participants, clock, (worker) => times?.constructedMs(worker));
    this.stopSequence = new StopSequence(participants, clock);
  }

  /** Milliseconds since the application began; 0 before its parts are started. */
  get uptimeMs(): number {
    return this.startedMs === undefined ? 0 : Math.round(this.parts.clock.monotonic() - this.startedMs);
  }

  /** What is left of the time that the stop may take, in milliseconds. */
  get leftToStopMs(): number {
    return this.stopDeadlineMs - this.parts.clock.monotonic();
  }

  /** When each participant was constructed, told to start, and ready, in milliseconds from when the application began. */
  startTimeline(): readonly StartTimelineEntry[] {
    return this.startSequence.timeline();
  }

  /** When each health contributor was constructed, and asked for the first time, in the same milliseconds. */
  contributorTimeline(): readonly ContributorTimelineEntry[] {
    return this.parts.times?.contributors() ?? [];
  }

  /**
   * Starts everything. Resolves when all participants are ready. Rejects with the first cause, after whatever had been
   * started is stopped again.
   * @throws `START_TIMED_OUT` with who waits for whom, `START_ABORTED` when it is told to stop meanwhile,
   *   `APPLICATION_STATE` for a second start, or what a part throws
   */
  async start(): Promise<void> {
    const { lifetime, application } = this.parts;
    if (lifetime.state !== 'created') {
      throw new PlbaError('APPLICATION_STATE', `application "${application}" cannot start: it is ${lifetime.state}`, {
        hint: 'an application starts once; create another one',
      });
    }
    lifetime.moveTo('starting');
    this.warnOfTightChain();
    if (this.parts.participants.length === 0) {
      this.parts.log.warn(
        `${application} has no worker, so nothing will run: list one with module.worker(…), or see what plba.workers.<name>.enabled says`,
      );
    }
    try {
      await this.startParts(this.parts.times?.originMs ?? this.parts.clock.monotonic());
    } catch (error) {
      this.showStart('the start has failed');
      await this.stop({ kind: 'start-failed', error });
      throw this.startFailure ?? error;
    }
    lifetime.moveTo('running');
    const { log, participants } = this.parts;
    const workers = participants.length === 1 ? '1 worker' : `${participants.length} workers`;
    log.info(`${application} is up: ${workers} ready after ${this.uptimeMs} ms`);
    this.showStart('all workers are ready');
  }

  /**
   * Stops everything: readiness first, then the ladder in reverse order of needs, the outer parts last. Called again it
   * answers the same report. Never rejects.
   */
  stop(cause: StopCause): Promise<StopReport> {
    if (this.stopped !== undefined) {
      if (cause.kind === 'process-error') this.processErrors.push(cause.error);
      return this.stopped;
    }
    // A worker that is lost while the application starts is a start that failed, and the first cause wins.
    const isLostAtStart = this.parts.lifetime.state === 'starting' && cause.kind === 'worker-lost';
    if (isLostAtStart) this.startFailure = cause.error;
    return (this.stopped = this.takeDown(isLostAtStart ? { kind: 'start-failed', error: cause.error } : cause));
  }

  /** Ends all draining and waiting of a stop that is under way, or of the one that comes: what is still up is aborted. */
  hurry(): void {
    this.hurried.abort();
    this.stopSequence.hurry();
  }

  private async startParts(originMs: number): Promise<void> {
    const { lifetime, startTimeoutMs } = this.parts;
    this.startedMs = originMs;
    await this.outer.start(startTimeoutMs, lifetime.stopping);
    this.throwIfStopping();
    await this.startSequence.run(originMs, startTimeoutMs, lifetime.stopping);
    this.throwIfStopping();
  }

  private throwIfStopping(): void {
    const { lifetime, application } = this.parts;
    if (!lifetime.stopping.aborted) return;
    throw new PlbaError('START_ABORTED', `application "${application}" was told to stop while it started`);
  }

  private async takeDown(cause: StopCause): Promise<StopReport> {
    const { application, clock, lifetime, scrub = asItIs } = this.parts;
    const beganMs = clock.monotonic();
    const wasStarted = lifetime.state !== 'created';
    const { workers, errors } = wasStarted ? await this.stopParts(cause) : { workers: [], errors: [] };
    const causes = 'error' in cause ? [cause.error, ...this.processErrors] : this.processErrors;
    const abandoned = workers.filter(({ result }) => result === 'abandoned').map(({ worker }) => worker);
    const report: StopReport = {
      application,
      reason: describeCause(cause),
      exitCode: exitCodeFor(cause, workers, this.processErrors.length > 0),
      durationMs: Math.round(clock.monotonic() - beganMs),
      workers: workers.map((each) => (each.error ? { ...each, error: scrubSummary(each.error, scrub) } : each)),
      errors: [...causes, ...errors].map((error) => scrubSummary(summarizeError(error), scrub)),
      open: this.parts.process?.openResources(abandoned) ?? [],
    };
    lifetime.moveTo(report.exitCode === 0 || !wasStarted ? 'stopped' : 'failed', report.reason);
    this.parts.log[report.exitCode === 0 ? 'info' : 'error']({ stop: report }, stopHeadline(report));
    return report;
  }

  private async stopParts(cause: StopCause): Promise<Pick<StopReport, 'workers'> & { errors: readonly unknown[] }> {
    const { clock, lifetime, log, shutdown, participants } = this.parts;
    const limits = stopLimits(cause, shutdown);
    this.parts.process?.stopping(
      limits,
      participants.some(({ hasForeignCode }) => hasForeignCode),
    );
    log.info(`stopping: ${describeCause(cause)}`);
    lifetime.moveTo('stopping', describeCause(cause));
    if (cause.kind === 'process-error') this.hurry();
    if (limits.delayMs > 0) await clock.sleep(limits.delayMs, this.hurried.signal);
    const beganMs = clock.monotonic();
    this.stopDeadlineMs = beganMs + limits.totalMs;
    const workers = await this.stopSequence.run(beganMs + limits.workersMs);
    const failures = await this.outer.stop(this.stopDeadlineMs);
    for (const { part, error } of failures) log.error({ err: error }, `${part} did not stop well`);
    return { workers, errors: failures.map(({ error }) => error) };
  }

  private showStart(what: string): void {
    const { log } = this.parts;
    if (!log.isLevelEnabled('debug')) return;
    const timeline = this.startTimeline();
    const contributorTimeline = this.contributorTimeline();
    log.debug({ timeline, contributorTimeline }, `${what} after ${this.uptimeMs} ms`);
    for (const line of startChart(timeline, contributorTimeline, this.uptimeMs)) log.debug(line);
  }

  private warnOfTightChain(): void {
    const { participants, shutdown, log } = this.parts;
    const chain = findTightChain(participants, shutdown.timeoutMs);
    if (chain === undefined) return;
    const { names, totalMs } = chain;
    log.warn(
      { chain: names, totalMs, timeoutMs: shutdown.timeoutMs },
      `stopping ${names.join(', then ')} may take ${formatDuration(totalMs)}, and plba.shutdown.timeout is ${formatDuration(shutdown.timeoutMs)}: the last of them will be cut short`,
    );
  }
}
