import type { SpanContext } from '@opentelemetry/api';
import type { Clock } from '../contracts/clock.js';
import type { Logger } from '../contracts/logger.js';
import type { Outcome } from '../contracts/outcome.js';
import type { RunTrigger } from '../contracts/trigger.js';
import type { RunWork } from '../contracts/worker.js';
import type { EffectiveWorkerOptions } from '../contracts/worker-options.js';
import { PlbaError } from '../errors.js';
import type { EventSink } from '../events/event-sink.js';
import type { RunLines } from '../logging/run-lines.js';
import { formatDuration } from '../time/duration.js';
import { randomHex } from '../tracing/ids.js';
import { telemetry } from '../tracing/open-telemetry.js';
import { startRunSpan } from '../tracing/run-span.js';
import type { TraceKeeper } from '../tracing/trace-keeper.js';
import { Ledger } from './ledger.js';
import { RunDeadline } from './run-deadline.js';
import { Run, type RunSetting } from './run.js';
import { logOutcome } from './run-log.js';
import { RunStanding, type RunSource } from './run-standing.js';
import { RunTally } from './run-tally.js';

/** Whoever wants to know which run is in progress. */
export interface RunObserver {
  began(run: Run): void;
  ended(): void;
}

/** What an executor is made of. */
export interface ExecutorParts {
  readonly options: EffectiveWorkerOptions;
  readonly clock: Clock;
  /** Asked for by the first run. */
  readonly log: Logger;
  /** Takes secrets out of what leaves the process. */
  readonly scrub?: ((text: string) => string) | undefined;
  /** Keeps what runs log. */
  readonly lines?: RunLines | undefined;
  /** Keeps the traces of runs. */
  readonly keeper?: TraceKeeper | undefined;
  readonly events: EventSink;
  /** The beginning of the ids of the runs. Default: random. */
  readonly runIdPrefix?: (() => string) | undefined;
}

/**
 * Opens and closes the runs of one worker, one at a time, and keeps what became of them: the ledger, the sums, and the
 * standing of the worker. Lives as long as the worker is part of the application, across its restarts.
 */
export class RunExecutor implements RunSource {
  readonly ledger: Ledger;
  /** What the runs amount to for the health of the worker. */
  readonly standing: RunStanding;
  /** The run in progress. It keeps its place until its work has really ended, also when it has failed by its timeout. */
  current: Run | undefined;
  /** Told of each run as it begins and has ended, where somebody wants to know. */
  observer: RunObserver | undefined;
  /** Runs that have ended. */
  count = 0;
  /** What all runs add up to; undefined before the first one has ended. */
  tally: RunTally | undefined;

  readonly options: EffectiveWorkerOptions;
  readonly clock: Clock;
  /** What the runs have in common; there from the first one on. */
  private setting: RunSetting | undefined;
  private deadline: RunDeadline | undefined;
  private sequence = 0;
  private epochMs = 0;
  /** Whether {@link lookAround} was called and no run has begun since. */
  private isToLook = true;
  private isTalkative = false;
  private isTraced = false;

  /** @param onVerdict called when a run may have changed the health */
  constructor(
    private readonly parts: ExecutorParts,
    onVerdict: () => void,
  ) {
    const { options, clock } = parts;
    this.options = options;
    this.clock = clock;
    this.ledger = new Ledger(options.ledger);
    this.standing = new RunStanding(this, onVerdict);
  }

  /**
   * Looks anew at what a tight loop need not look at for each of its runs: the wall clock, whether anybody reads debug
   * lines, and whether an OpenTelemetry SDK is there. Whoever has waited calls it before the next run.
   */
  lookAround(): void {
    this.isToLook = true;
  }

  /** Opens a run. @throws `RUN_OVERLAP` while one is in progress */
  begin(trigger: RunTrigger, scheduledForMs: number | undefined, nowMs: number, links?: readonly SpanContext[]): Run {
    if (this.current !== undefined) throw this.overlap(this.current);
    const setting = (this.setting ??= this.settingOfRuns());
    if (this.isToLook) this.look(setting);
    const attempt = this.standing.setbacks + 1;
    const run = new Run(setting, this.sequence++, trigger, attempt, nowMs, this.epochMs, scheduledForMs);
    if (this.isTraced) this.trace(run, links);
    this.current = run;
    this.standing.began();
    this.observer?.began(run);
    const { timeoutMs } = this.options;
    if (timeoutMs !== undefined) (this.deadline ??= this.watchedDeadline()).watch(nowMs, timeoutMs);
    if (setting.events.isHeard) setting.events.publish({ type: 'run-started', run: run.toRecord() });
    return run;
  }

  /** Calls the work, inside the run's span where there is one. */
  invoke(work: RunWork, run: Run): ReturnType<RunWork> {
    return run.span === undefined ? work(run) : run.span.run(() => work(run));
  }

  /** The work has ended: the run's place is free. Answers the outcome that counts, which a timeout has decided before. */
  end(run: Run, outcome: Outcome, nowMs: number): Outcome {
    const decided = run.outcome;
    this.current = undefined;
    this.standing.rests(nowMs);
    this.observer?.ended();
    this.deadline?.over();
    if (decided === undefined) this.settle(run, outcome, nowMs);
    else this.noteLateEnd(run, nowMs);
    this.standing.tellIfSooner();
    run.release();
    return decided ?? outcome;
  }

  /** Nothing will run any more: no timer is left behind. */
  close(): void {
    this.deadline?.close();
    this.standing.close();
  }

  private settingOfRuns(): RunSetting {
    const { options, clock, log, scrub, lines, events, runIdPrefix } = this.parts;
    return { worker: options.name, clock, log, idPrefix: runIdPrefix?.() ?? randomHex(6), scrub, lines, events };
  }

  /** What {@link lookAround} asks for. */
  private look({ log }: RunSetting): void {
    this.isToLook = false;
    this.epochMs = this.clock.now() - this.clock.monotonic();
    this.isTalkative = log.isLevelEnabled('debug');
    this.isTraced = telemetry() !== undefined || this.parts.keeper?.isKeeping === true;
  }

  private trace(run: Run, links: readonly SpanContext[] | undefined): void {
    const { worker, trigger, attempt, runId, scheduledFor, scrub } = run;
    run.span = startRunSpan({ worker, trigger, attempt, runId, scheduledFor, scrub, links }, this.parts.keeper);
  }

  private settle(run: Run, outcome: Outcome, nowMs: number): void {
    const isRoutine = outcome.kind === 'worked' || outcome.kind === 'idle';
    if (!isRoutine || this.isTalkative) logOutcome(run, outcome, nowMs);
    run.span?.end(outcome);
    run.settle(outcome, nowMs);
    this.ledger.add(run);
    this.count++;
    (this.tally ??= new RunTally()).note(outcome, nowMs - run.startedMs);
    const { events } = this.parts;
    if (events.isHeard) events.publish({ type: 'run-ended', run: run.toRecord() });
    this.standing.note(outcome, nowMs);
  }

  private noteLateEnd(run: Run, nowMs: number): void {
    const lateMs = Math.round(nowMs - run.endedMs);
    run.log.warn({ lateMs }, 'a run that had failed by its timeout has ended');
    this.standing.onVerdict();
  }

  private watchedDeadline(): RunDeadline {
    return new RunDeadline(this.clock, (limitMs) => {
      if (this.current !== undefined) this.timeOut(this.current, limitMs);
    });
  }

  // A run that exceeds its timeout has failed at that instant, whatever it does afterwards.
  private timeOut(run: Run, limitMs: number): void {
    const error = new PlbaError(
      'RUN_TIMED_OUT',
      `run ${run.runId} of worker "${run.worker}" took longer than ${formatDuration(limitMs)}`,
      { hint: `let the work end when its signal aborts, or raise plba.workers.${run.worker}.timeout` },
    );
    this.settle(run, { kind: 'failed', error }, this.clock.monotonic());
    run.abort(error);
  }

  private overlap(current: Run): PlbaError {
    return new PlbaError(
      'RUN_OVERLAP',
      `worker "${this.options.name}" already has a run in progress: ${current.runId}`,
      { hint: 'wait for it, or ask again later' },
    );
  }
}
