import type { HealthStatus } from '../contracts/health.js';
import type { Outcome } from '../contracts/outcome.js';
import type { HealthPolicy } from '../contracts/worker-options.js';
import { formatDuration } from '../time/duration.js';
import { problemOf } from './run-outcome.js';

/** What the outcomes so far amount to. */
export interface RunStreak {
  /** The verdict of the outcomes alone; holds until `recoverAfter` successes in a row. */
  readonly status: HealthStatus;
  readonly reason?: string;
  /** Since when the status has been what it is, on the monotonic clock; absent while there is nothing to recover from. */
  readonly sinceMs?: number;
  /** `blocked` or `failed` runs in a row; any other outcome ends them. */
  readonly setbacks: number;
  /** `failed` runs since the last success: a `blocked` or `partial` one in between does not end them. */
  readonly failures: number;
  /** Successes in a row on the way to recovery. */
  readonly successes: number;
}

/** The streak of a worker that has nothing to recover from. */
export const freshStreak: RunStreak = Object.freeze({ status: 'ok', setbacks: 0, failures: 0, successes: 0 });

/** Whether an outcome counts as a success: it did what there was to do. */
export function isSuccess(outcome: Outcome, policy: HealthPolicy): boolean {
  if (outcome.kind === 'partial') return rejectedRatio(outcome) <= policy.rejectedRatio;
  return outcome.kind === 'worked' || outcome.kind === 'idle';
}

/**
 * The streak after one more outcome, which came at `nowMs` on the monotonic clock. Answers {@link freshStreak} itself when
 * there is nothing to recover from any more.
 */
export function foldOutcome(policy: HealthPolicy, streak: RunStreak, outcome: Outcome, nowMs: number): RunStreak {
  const next = nextStreak(policy, streak, outcome);
  return next === freshStreak || next.status === streak.status ? next : { ...next, sinceMs: nowMs };
}

function nextStreak(policy: HealthPolicy, streak: RunStreak, outcome: Outcome): RunStreak {
  if (isSuccess(outcome, policy)) {
    const successes = streak.successes + 1;
    return successes >= policy.recoverAfter ? freshStreak : { ...streak, setbacks: 0, failures: 0, successes };
  }
  const problem = problemOf(outcome) ?? '';
  switch (outcome.kind) {
    case 'worked':
    case 'idle':
      return streak; // a success, see above
    case 'partial': {
      const reason = `${outcome.rejected} of ${outcome.done + outcome.rejected} rejected: ${problem}`;
      return atLeastDegraded({ ...streak, setbacks: 0, successes: 0 }, reason);
    }
    case 'blocked': {
      const next = { ...streak, setbacks: streak.setbacks + 1, successes: 0 };
      return next.setbacks < policy.degradedAfter ? next : atLeastDegraded(next, setbacksReason(next, problem));
    }
    case 'failed': {
      const next = { ...streak, setbacks: streak.setbacks + 1, failures: streak.failures + 1, successes: 0 };
      if (next.failures >= policy.unhealthyAfter) {
        return {
          ...next,
          status: 'unhealthy',
          reason: `${runs(next.failures)} failed since the last success: ${problem}`,
        };
      }
      return next.setbacks < policy.degradedAfter ? next : atLeastDegraded(next, setbacksReason(next, problem));
    }
    case 'fatal':
      return { ...streak, status: 'unhealthy', reason: `fatal: ${problem}`, setbacks: 0, successes: 0 };
  }
}

/** What the passing of time is judged by. All times on the monotonic clock. */
export interface RunFacts {
  readonly streak: RunStreak;
  /** The last success, or else the start of the worker. */
  readonly lastSuccessMs: number;
  readonly lastProblem?: string;
  /** The run in progress: when it last gave a sign of life, and when it exceeded its timeout, if it has. */
  readonly current?: { readonly id: string; readonly aliveMs: number; readonly timedOutMs?: number };
  /** When the next run is due, while none is in progress: Infinity when none is to come, undefined when nobody has said. */
  readonly dueMs?: number;
  /** Since when no run is in progress. Whoever makes runs happen says when the next one is due, at once. */
  readonly restingMs: number;
  /** How late a run may be before it counts as overdue; Infinity when nobody makes runs happen. */
  readonly overdueAfterMs: number;
}

/** Health as runs amount to it, with since when on the monotonic clock. */
export interface RunVerdict {
  readonly status: HealthStatus;
  readonly reason?: string;
  readonly sinceMs?: number;
}

const fine: RunVerdict = Object.freeze({ status: 'ok' });

/** Health of a worker from its runs, now. Pure: the same facts at the same time give the same answer. */
export function assessRuns(policy: HealthPolicy, facts: RunFacts, nowMs: number): RunVerdict {
  const { streak, current } = facts;
  if (current !== undefined) {
    if (current.timedOutMs !== undefined) {
      const reason = `run ${current.id} is past its timeout and does not end`;
      return { status: 'unhealthy', reason, sinceMs: current.timedOutMs };
    }
    const progress = assessProgress(policy, current, nowMs);
    if (progress.status !== 'ok') return progress;
  }
  const staleMs = facts.lastSuccessMs + (policy.staleAfterMs ?? Infinity);
  if (nowMs > staleMs) return { status: 'unhealthy', reason: staleReason(facts, nowMs), sinceMs: staleMs };
  if (streak.status === 'unhealthy') return verdict(facts, nowMs);
  const schedule = assessSchedule(facts, nowMs);
  return schedule.status === 'ok' ? verdict(facts, nowMs) : schedule;
}

/**
 * Until when {@link assessRuns} and {@link assessProgress} give the same answer: whoever has asked need not ask again before.
 * That a run begins meanwhile, and that the one in progress ends well, is accounted for; whatever else happens is not. What
 * is not well says for how long, so its answer is another one all the time.
 */
export function steadyUntil(policy: HealthPolicy, facts: RunFacts, nowMs: number): number {
  const { current, streak, lastSuccessMs, dueMs, restingMs, overdueAfterMs } = facts;
  if (streak.reason !== undefined || assessRuns(policy, facts, nowMs) !== fine) return nowMs;
  const staleMs = lastSuccessMs + (policy.staleAfterMs ?? Infinity);
  const stuckMs = progressSteadyUntil(policy, current, nowMs);
  return Math.min(staleMs, stuckMs, (current === undefined ? (dueMs ?? restingMs) : nowMs) + overdueAfterMs);
}

/** The same of {@link assessProgress} alone. */
export function progressSteadyUntil(policy: HealthPolicy, current: RunFacts['current'], nowMs: number): number {
  return (current?.aliveMs ?? nowMs) + (policy.stuckAfterMs ?? Infinity);
}

/** Whether the run in progress gives signs of life, and nothing else. */
export function assessProgress(
  policy: HealthPolicy,
  current: { readonly id: string; readonly aliveMs: number },
  nowMs: number,
): RunVerdict {
  const stuckMs = current.aliveMs + (policy.stuckAfterMs ?? Infinity);
  if (nowMs <= stuckMs) return fine;
  const reason = `run ${current.id} is stuck: no progress for ${formatDuration(nowMs - current.aliveMs)}`;
  return { status: 'unhealthy', reason, sinceMs: stuckMs };
}

/**
 * Whether runs happen that should. Does not believe whoever makes them happen: a run that was announced and does not come,
 * and a silence in which nobody announces one, are both overdue.
 */
function assessSchedule({ current, dueMs, restingMs, overdueAfterMs }: RunFacts, nowMs: number): RunVerdict {
  if (current !== undefined) return fine;
  const expectedMs = dueMs ?? restingMs;
  const lateMs = nowMs - expectedMs;
  if (!(lateMs > overdueAfterMs)) return fine;
  const late = formatDuration(lateMs);
  const reason =
    dueMs === undefined
      ? `no run for ${late}, and none is planned: the schedule stands still`
      : `a run was due ${late} ago and did not happen`;
  return lateMs > 2 * overdueAfterMs
    ? { status: 'unhealthy', reason, sinceMs: expectedMs + 2 * overdueAfterMs }
    : { status: 'degraded', reason, sinceMs: expectedMs + overdueAfterMs };
}

/** A success so short ago goes without saying. */
const longAgoMs = 60_000;

function verdict({ streak, lastSuccessMs }: RunFacts, nowMs: number): RunVerdict {
  const { status, reason, sinceMs } = streak;
  if (reason === undefined) return fine;
  const agoMs = nowMs - lastSuccessMs;
  const known = sinceMs === undefined ? {} : { sinceMs };
  const said = agoMs < longAgoMs ? reason : `no success for ${formatDuration(agoMs)}, ${reason}`;
  return { status, reason: said, ...known };
}

function staleReason({ streak, lastSuccessMs, lastProblem, current }: RunFacts, nowMs: number): string {
  const said = [`no success for ${formatDuration(nowMs - lastSuccessMs)}`];
  if (lastProblem !== undefined) said.push(`last error: ${lastProblem}`);
  if (streak.setbacks > 1) said.push(`${runs(streak.setbacks)} in a row`);
  if (current !== undefined) said.push(`run ${current.id} is in progress`);
  else if (lastProblem === undefined) said.push('no run has ended since');
  return said.join(', ');
}

function atLeastDegraded(streak: RunStreak, reason: string): RunStreak {
  return streak.status === 'unhealthy' ? streak : { ...streak, status: 'degraded', reason };
}

function rejectedRatio({ done, rejected }: { done: number; rejected: number }): number {
  return rejected === 0 ? 0 : rejected / (done + rejected);
}

function setbacksReason({ setbacks }: RunStreak, problem: string): string {
  return `${runs(setbacks)} blocked or failed${setbacks === 1 ? '' : ' in a row'}: ${problem}`;
}

function runs(count: number): string {
  return count === 1 ? '1 run' : `${count} runs`;
}
