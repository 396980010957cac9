import type { SpanContext } from '@opentelemetry/api';
import type { Clock } from '../contracts/clock.js';
import type { Health } from '../contracts/health.js';
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
import {
  assessProgress,
  assessRuns,
  foldOutcome,
  freshStreak,
  isSuccess,
  progressSteadyUntil,
  steadyUntil,
  type RunFacts,
  type RunStreak,
  type RunVerdict,
} from './run-health.js';
import { logOutcome } from './run-log.js';
import { problemOf } from './run-outcome.js';
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
 * Opens and closes the runs of one worker, one at a time, and knows what became of them: the ledger, the streak of
 * outcomes, and the health that follows. Lives as long as the worker is part of the application, across its restarts.
 */
export class RunExecutor {
  readonly ledger: Ledger;
  /** The run in progress. It keeps its place until its work has really ended, also when it has failed by its timeout. */
  current: Run | undefined;
  /** Told of each run as it begins and has ended, where somebody wants to know. */
  observer: RunObserver | undefined;
  /** Runs that have ended. */
  count = 0;
  /** What all runs add up to; undefined before the first one has ended. */
  tally: RunTally | undefined;

  /** What the runs have in common; there from the first one on. */
  private setting: RunSetting | undefined;
  private readonly options: EffectiveWorkerOptions;
  private readonly clock: Clock;
  private deadline: RunDeadline | undefined;
  private sequence = 0;
  private epochMs = 0;
  /** Whether {@link lookAround} was called and no run has begun since. */
  private isToLook = true;
  private isTalkative = false;
  private isTraced = false;
  /** See {@link expect}. */
  private dueMs: number | undefined;
  private overdueAfterMs = Infinity;
  private streak: RunStreak = freshStreak;
  private lastSuccessMs: number;
  private restingMs: number;
  private lastProblem: string | undefined;
  /** What {@link steadyUntil} has answered last. */
  private steadyUntilMs = -Infinity;

  /** @param onVerdict called when a run may have changed the health */
  constructor(
    private readonly parts: ExecutorParts,
    private readonly onVerdict: () => void,
  ) {
    const { options, clock } = parts;
    this.options = options;
    this.clock = clock;
    this.ledger = new Ledger(options.ledger);
    this.lastSuccessMs = this.restingMs = clock.monotonic();
  }

  /** `blocked` or `failed` runs in a row, up to now. */
  get setbacks(): number {
    return this.streak.setbacks;
  }

  /** With what its runs keep failing, in words; undefined when they do not. */
  get trouble(): string | undefined {
    const { setbacks, failures } = this.streak;
    if (setbacks === 0 || this.lastProblem === undefined) return undefined;
    const [whose, were] = setbacks === 1 ? ['its run', 'was'] : [`its last ${setbacks} runs`, 'were'];
    const what = failures === 0 ? `${were} blocked` : failures < setbacks ? `failed or ${were} blocked` : 'failed';
    return `${whose} ${what}: ${this.lastProblem}`;
  }

  /** Milliseconds since the last success, or else since the worker started. */
  get sinceSuccessMs(): number {
    return this.clock.monotonic() - this.lastSuccessMs;
  }

  /**
   * Looks anew at what a tight loop need not look at for each of its runs: the wall clock, whether anybody reads debug
   * lines, and whether an OpenTelemetry SDK is there. Whoever has waited calls it before the next run.
   */
  lookAround(): void {
    this.isToLook = true;
  }

  /** The worker starts, or goes on after a pause: not having had a success is counted from here. */
  beginAnew(): void {
    this.lastSuccessMs = this.restingMs = this.clock.monotonic();
    this.dueMs = undefined;
  }

  /** Opens a run. @throws `RUN_OVERLAP` while one is in progress */
  begin(trigger: RunTrigger, scheduledForMs: number | undefined, nowMs: number, links?: readonly SpanContext[]): Run {
    if (this.current !== undefined) throw this.overlap(this.current);
    const setting = (this.setting ??= this.settingOfRuns());
    if (this.isToLook) this.look(setting);
    const attempt = this.streak.setbacks + 1;
    const run = new Run(setting, this.sequence++, trigger, attempt, nowMs, this.epochMs, scheduledForMs);
    if (this.isTraced) this.trace(run, links);
    this.current = run;
    this.dueMs = undefined;
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
    this.restingMs = nowMs;
    this.observer?.ended();
    this.deadline?.over();
    if (decided === undefined) this.settle(run, outcome, nowMs);
    else this.noteLateEnd(run, nowMs);
    this.tellIfSooner(nowMs);
    run.release();
    return decided ?? outcome;
  }

  /** Health by the worker's policy, now. */
  health(): Health {
    return this.dated(assessRuns(this.options.health, this.facts(), this.clock.monotonic()));
  }

  /** Whether the run in progress makes progress, and nothing else: what the group `live` is about. */
  liveness(): Health {
    const { current } = this;
    if (current === undefined) return { status: 'ok' };
    return this.dated(assessProgress(this.options.health, signsOf(current), this.clock.monotonic()));
  }

  /** Monotonic time until which {@link health} and {@link liveness} stay as they are, unless `onVerdict` is called before. */
  steadyUntil(): number {
    this.steadyUntilMs = steadyUntil(this.options.health, this.facts(), this.clock.monotonic());
    return this.steadyUntilMs;
  }

  /** The same of {@link liveness} alone. */
  livenessSteadyUntil(): number {
    const { current } = this;
    const signs = current === undefined ? undefined : signsOf(current);
    return progressSteadyUntil(this.options.health, signs, this.clock.monotonic());
  }

  /**
   * Whoever makes runs happen says when the next one is due, on the monotonic clock, and how late it may be: Infinity when none is
   * to come, undefined when nobody plans one. It is said whenever none is in progress; not saying it for long is taken for a
   * schedule that stands still.
   */
  expect(dueMs: number | undefined, overdueAfterMs: number): void {
    // Nobody plans a run from now on, whatever was before.
    if (dueMs === undefined) this.restingMs = this.clock.monotonic();
    this.dueMs = dueMs;
    this.overdueAfterMs = overdueAfterMs;
    this.tellIfSooner(dueMs ?? this.restingMs);
  }

  /** Nothing will run any more: no timer is left behind. */
  close(): void {
    this.deadline?.close();
    this.dueMs = undefined;
    this.overdueAfterMs = Infinity;
  }

  /** A run is expected sooner than was thought: it can be overdue before anybody looks again. */
  private tellIfSooner(expectedMs: number): void {
    if (expectedMs + this.overdueAfterMs < this.steadyUntilMs) this.onVerdict();
  }

  private facts(): RunFacts {
    const { current, lastProblem, dueMs, streak, lastSuccessMs, restingMs, overdueAfterMs } = this;
    return {
      streak,
      lastSuccessMs,
      ...(lastProblem !== undefined && { lastProblem }),
      ...(current !== undefined && { current: signsOf(current) }),
      ...(dueMs !== undefined && { dueMs }),
      restingMs,
      overdueAfterMs,
    };
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
    if (isSuccess(outcome, this.options.health)) {
      this.lastSuccessMs = nowMs;
      this.lastProblem = undefined;
      if (this.streak === freshStreak) return;
    } else {
      this.lastProblem = problemOf(outcome);
    }
    this.streak = foldOutcome(this.options.health, this.streak, outcome, nowMs);
    this.onVerdict();
  }

  /** A verdict as others know it: with a date instead of a time on the monotonic clock. */
  private dated({ status, reason, sinceMs }: RunVerdict): Health {
    if (reason === undefined) return { status };
    if (sinceMs === undefined) return { status, reason };
    return { status, reason, since: new Date(this.clock.now() - this.clock.monotonic() + sinceMs) };
  }

  private noteLateEnd(run: Run, nowMs: number): void {
    const lateMs = Math.round(nowMs - run.endedMs);
    run.log.warn({ lateMs }, 'a run that had failed by its timeout has ended');
    this.onVerdict();
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

function signsOf(run: Run): NonNullable<RunFacts['current']> {
  const { runId: id, aliveMs, outcome, endedMs } = run;
  return outcome === undefined ? { id, aliveMs } : { id, aliveMs, timedOutMs: endedMs };
}
