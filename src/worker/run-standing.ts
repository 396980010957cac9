import type { Clock } from '../contracts/clock.js';
import type { Health } from '../contracts/health.js';
import type { Outcome } from '../contracts/outcome.js';
import type { EffectiveWorkerOptions, HealthPolicy } from '../contracts/worker-options.js';
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
import { problemOf } from './run-outcome.js';
import type { Run } from './run.js';

/** Whoever opens and closes the runs. */
export interface RunSource {
  readonly options: Pick<EffectiveWorkerOptions, 'health'>;
  readonly clock: Clock;
  /** The run in progress. */
  readonly current: Run | undefined;
}

/**
 * Where a worker stands with its runs: what their outcomes amount to, when the last one was a success, when the next one is due,
 * and the health that follows from all of that. How it follows is said in `run-health.ts`; here is what has to be remembered.
 */
export class RunStanding {
  private streak: RunStreak = freshStreak;
  private lastProblem: string | undefined;
  private lastSuccessMs: number;
  private restingMs: number;
  /** See {@link expect}. */
  private dueMs: number | undefined;
  private overdueAfterMs = Infinity;
  /** What {@link steadyUntil} has answered last. */
  private steadyUntilMs = -Infinity;

  /** @param onVerdict called when the health may be another */
  constructor(
    private readonly source: RunSource,
    readonly onVerdict: () => void,
  ) {
    this.lastSuccessMs = this.restingMs = source.clock.monotonic();
  }

  /** `blocked` or `failed` runs in a row, up to now. */
  get setbacks(): number {
    return this.streak.setbacks;
  }

  /** With what the runs keep failing, in words; undefined when they do not. */
  get trouble(): string | undefined {
    const { setbacks, failures } = this.streak;
    if (setbacks === 0 || this.lastProblem === undefined) return undefined;
    const [whose, were] = setbacks === 1 ? ['its run', 'was'] : [`its last ${setbacks} runs`, 'were'];
    const what = failures === 0 ? `${were} blocked` : failures < setbacks ? `failed or ${were} blocked` : 'failed';
    return `${whose} ${what}: ${this.lastProblem}`;
  }

  /** Milliseconds since the last success, or else since the worker started. */
  get sinceSuccessMs(): number {
    return this.source.clock.monotonic() - this.lastSuccessMs;
  }

  /** The worker starts, or goes on after a pause: not having had a success is counted from here. */
  beginAnew(): void {
    this.lastSuccessMs = this.restingMs = this.source.clock.monotonic();
    this.dueMs = undefined;
  }

  /** A run has begun: none is due. */
  began(): void {
    this.dueMs = undefined;
  }

  /** No run is in progress any more. */
  rests(nowMs: number): void {
    this.restingMs = nowMs;
  }

  /** A run has its outcome. */
  note(outcome: Outcome, nowMs: number): void {
    const { policy } = this;
    if (isSuccess(outcome, policy)) {
      this.lastSuccessMs = nowMs;
      this.lastProblem = undefined;
      if (this.streak === freshStreak) return;
    } else {
      this.lastProblem = problemOf(outcome);
    }
    this.streak = foldOutcome(policy, this.streak, outcome, nowMs);
    this.onVerdict();
  }

  /**
   * Whoever makes runs happen says when the next one is due, on the monotonic clock, and how late it may be: Infinity when none is
   * to come, undefined when nobody plans one. It is said whenever none is in progress; not saying it for long is taken for a
   * schedule that stands still.
   */
  expect(dueMs: number | undefined, overdueAfterMs: number): void {
    // Nobody plans a run from now on, whatever was before.
    if (dueMs === undefined) this.restingMs = this.source.clock.monotonic();
    this.dueMs = dueMs;
    this.overdueAfterMs = overdueAfterMs;
    this.tellIfSooner();
  }

  /** Tells when a run is expected sooner than was thought: it can be overdue before anybody looks again. */
  tellIfSooner(): void {
    if ((this.dueMs ?? this.restingMs) + this.overdueAfterMs < this.steadyUntilMs) this.onVerdict();
  }

  /** Nobody makes runs happen any more. */
  close(): void {
    this.dueMs = undefined;
    this.overdueAfterMs = Infinity;
  }

  /** Health by the worker's policy, now. */
  health(): Health {
    return this.dated(assessRuns(this.policy, this.facts(), this.source.clock.monotonic()));
  }

  /** Whether the run in progress makes progress, and nothing else: what the group `live` is about. */
  liveness(): Health {
    const { current } = this.source;
    if (current === undefined) return { status: 'ok' };
    return this.dated(assessProgress(this.policy, signsOf(current), this.source.clock.monotonic()));
  }

  /** Monotonic time until which {@link health} and {@link liveness} stay as they are, unless `onVerdict` is called before. */
  steadyUntil(): number {
    this.steadyUntilMs = steadyUntil(this.policy, this.facts(), this.source.clock.monotonic());
    return this.steadyUntilMs;
  }

  /** The same of {@link liveness} alone. */
  livenessSteadyUntil(): number {
    const { current } = this.source;
    const signs = current === undefined ? undefined : signsOf(current);
    return progressSteadyUntil(this.policy, signs, this.source.clock.monotonic());
  }

  private get policy(): HealthPolicy {
    return this.source.options.health;
  }

  private facts(): RunFacts {
    const { lastProblem, dueMs, streak, lastSuccessMs, restingMs, overdueAfterMs } = this;
    const { current } = this.source;
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

  /** A verdict as others know it: with a date instead of a time on the monotonic clock. */
  private dated({ status, reason, sinceMs }: RunVerdict): Health {
    if (reason === undefined) return { status };
    if (sinceMs === undefined) return { status, reason };
    const { clock } = this.source;
    return { status, reason, since: new Date(clock.now() - clock.monotonic() + sinceMs) };
  }
}

function signsOf(run: Run): NonNullable<RunFacts['current']> {
  const { runId: id, aliveMs, outcome, endedMs } = run;
  return outcome === undefined ? { id, aliveMs } : { id, aliveMs, timedOutMs: endedMs };
}
