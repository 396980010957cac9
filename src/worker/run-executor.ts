import { randomBytes } from 'node:crypto';
import type { Clock } from '../contracts/clock.js';
import type { Health } from '../contracts/health.js';
import type { Logger } from '../contracts/logger.js';
import type { Outcome } from '../contracts/outcome.js';
import type { RunTrigger } from '../contracts/trigger.js';
import type { Timer } from '../contracts/clock.js';
import type { ErrorClass, RunWork } from '../contracts/worker.js';
import type { EffectiveWorkerOptions } from '../contracts/worker-options.js';
import { PlbaError } from '../errors.js';
import { summarizeError } from '../plain/error-summary.js';
import { formatDuration } from '../time/duration.js';
import { startRunSpan } from '../tracing/run-span.js';
import { Ledger } from './ledger.js';
import { worked } from './outcomes.js';
import { Run, type RunSetting } from './run.js';
import { assessRuns, foldOutcome, freshStreak, isSuccess, type RunStreak } from './run-health.js';

/**
 * Does the runs of one worker, one at a time, and knows what became of them: the ledger, the streak of outcomes, and the
 * health that follows. Lives as long as the worker is part of the application, across its restarts.
 */
export class RunExecutor {
  readonly ledger: Ledger;
  /** The run in progress. It keeps its place until its work has really ended, also when it has failed by its timeout. */
  current: Run | undefined;
  /** Monotonic time at which the next run is due, while a schedule waits for one. */
  dueMs: number | undefined;
  overdueAfterMs = Infinity;
  /** Runs that have ended. */
  count = 0;

  private readonly setting: RunSetting;
  private sequence = 0;
  private epochMs: number;
  private streak: RunStreak = freshStreak;
  private lastSuccessMs: number;
  private lastProblem: string | undefined;
  private deadline: Timer | undefined;

  /** @param onVerdict called when a run may have changed the health */
  constructor(
    private readonly options: EffectiveWorkerOptions,
    private readonly clock: Clock,
    log: Logger,
    private readonly onVerdict: () => void,
    scrub?: (text: string) => string,
  ) {
    this.ledger = new Ledger(options.ledger);
    this.setting = { worker: options.name, clock, log, idPrefix: randomBytes(6).toString('hex'), scrub };
    this.lastSuccessMs = clock.monotonic();
    this.epochMs = clock.now() - this.lastSuccessMs;
  }

  /** The attempt that the next run will be. */
  get nextAttempt(): number {
    return this.streak.setbacks + 1;
  }

  /** Reads the wall clock anew. Whoever has waited calls it, so that a tight loop need not for each of its runs. */
  syncClocks(): void {
    this.epochMs = this.clock.now() - this.clock.monotonic();
  }

  /** The worker starts anew: not having had a success yet is counted from here. */
  beginLife(): void {
    this.lastSuccessMs = this.clock.monotonic();
    this.dueMs = undefined;
  }

  /** Opens a run. @throws `RUN_OVERLAP` while one is in progress */
  begin(trigger: RunTrigger, scheduledForMs: number | undefined, nowMs: number): Run {
    if (this.current !== undefined) {
      throw new PlbaError(
        'RUN_OVERLAP',
        `worker "${this.options.name}" already has a run in progress: ${this.current.runId}`,
        {
          hint: 'wait for it, or ask again later',
        },
      );
    }
    const run = new Run(this.setting, this.sequence++, trigger, this.nextAttempt, nowMs, this.epochMs, scheduledForMs);
    run.span = startRunSpan(run);
    this.current = run;
    this.dueMs = undefined;
    if (this.options.timeoutMs !== undefined) this.watch(this.options.timeoutMs, this.options.timeoutMs);
    return run;
  }

  /** Calls the work, inside the run's span where there is one. */
  invoke(work: RunWork, run: Run): ReturnType<RunWork> {
    return run.span === undefined ? work(run) : run.span.run(() => work(run));
  }

  /** The work has ended with `outcome`: the run is closed and its place is free. Answers the outcome that counts. */
  end(run: Run, outcome: Outcome | undefined | void, nowMs: number): Outcome {
    this.current = undefined;
    if (run.outcome !== undefined) return this.endLate(run, nowMs);
    const counted = outcome ?? worked();
    this.settle(run, counted, nowMs);
    return counted;
  }

  /** The work has ended with a throw. */
  endThrown(run: Run, thrown: unknown, classify: (error: unknown) => ErrorClass, nowMs: number): Outcome {
    if (run.outcome !== undefined) return this.end(run, undefined, nowMs);
    switch (classify(thrown)) {
      case 'blocked':
        return this.end(run, { kind: 'blocked', reason: summarizeError(thrown).message }, nowMs);
      case 'fatal':
        return this.end(run, { kind: 'fatal', error: thrown }, nowMs);
      default:
        return this.end(run, { kind: 'failed', error: thrown }, nowMs);
    }
  }

  /** Health by the worker's policy, now. */
  health(): Health {
    const { current } = this;
    return assessRuns(
      this.options.health,
      {
        streak: this.streak,
        lastSuccessMs: this.lastSuccessMs,
        ...(this.lastProblem !== undefined && { lastProblem: this.lastProblem }),
        ...(current !== undefined && {
          current: { id: current.runId, aliveMs: current.aliveMs, timedOut: current.outcome !== undefined },
        }),
        ...(this.dueMs !== undefined && { dueMs: this.dueMs }),
        overdueAfterMs: this.overdueAfterMs,
      },
      this.clock.monotonic(),
    );
  }

  /** Nothing will run any more: no timer is left behind. */
  close(): void {
    this.deadline?.cancel();
    this.deadline = undefined;
    this.dueMs = undefined;
  }

  private settle(run: Run, outcome: Outcome, nowMs: number): void {
    run.span?.end(outcome);
    this.report(run, outcome, nowMs);
    run.close(outcome, nowMs);
    this.ledger.add(run);
    this.count++;
    if (isSuccess(outcome, this.options.health)) {
      this.lastSuccessMs = nowMs;
      if (this.streak.status === 'ok' && this.streak.setbacks === 0) return;
    }
    this.streak = foldOutcome(this.options.health, this.streak, outcome);
    this.lastProblem = this.streak.setbacks === 0 ? undefined : problemOf(outcome);
    this.onVerdict();
  }

  private endLate(run: Run, nowMs: number): Outcome {
    run.log.warn({ lateMs: nowMs - run.endedMs }, 'a run that had failed by its timeout has ended');
    this.onVerdict();
    return run.outcome ?? worked();
  }

  private report(run: Run, outcome: Outcome, nowMs: number): void {
    const durationMs = Math.round(nowMs - run.startedMs);
    switch (outcome.kind) {
      case 'worked':
      case 'idle':
        if (this.setting.log.isLevelEnabled('debug')) run.log.debug({ durationMs, ...outcome }, `run ${outcome.kind}`);
        return;
      case 'partial':
        run.log.warn({ durationMs, ...outcome }, `run partial: ${outcome.reason}`);
        return;
      case 'blocked':
        run.log.warn({ durationMs, attempt: run.attempt }, `run blocked: ${outcome.reason}`);
        return;
      case 'failed':
      case 'fatal':
        run.log.error(
          { durationMs, attempt: run.attempt, err: outcome.error },
          `run ${outcome.kind}: ${summarizeError(outcome.error).message}`,
        );
    }
  }

  // One timer watches all runs of the worker: it looks again when it fires too early for the run of that moment, so a run
  // that is over in time sets and cancels nothing.
  private watch(timeoutMs: number, delayMs: number): void {
    this.deadline ??= this.clock.setTimer(
      delayMs,
      () => {
        this.deadline = undefined;
        const { current } = this;
        if (current === undefined || current.outcome !== undefined) return;
        const remainingMs = current.startedMs + timeoutMs - this.clock.monotonic();
        if (remainingMs > 0) this.watch(timeoutMs, remainingMs);
        else this.timeOut(current, timeoutMs);
      },
      { keepAlive: false },
    );
  }

  // A run that exceeds its timeout has failed at that instant, whatever it does afterwards.
  private timeOut(run: Run, timeoutMs: number): void {
    const error = new PlbaError(
      'RUN_TIMED_OUT',
      `run ${run.runId} of worker "${run.worker}" took longer than ${formatDuration(timeoutMs)}`,
      {
        hint: `let the work end when its signal aborts, or raise plba.workers.${run.worker}.timeout`,
      },
    );
    this.settle(run, { kind: 'failed', error }, this.clock.monotonic());
    run.abort(error);
  }
}

function problemOf(outcome: Outcome): string | undefined {
  if (outcome.kind === 'blocked') return outcome.reason;
  return outcome.kind === 'failed' || outcome.kind === 'fatal' ? summarizeError(outcome.error).message : undefined;
}
