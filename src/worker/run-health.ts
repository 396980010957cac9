import type { Health, HealthStatus } from '../contracts/health.js';
import type { Outcome } from '../contracts/outcome.js';
import type { HealthPolicy } from '../contracts/worker-options.js';
import { formatDuration } from '../time/duration.js';
import { problemOf } from './run-outcome.js';

/** What the outcomes so far amount to. */
export interface RunStreak {
  /** The verdict of the outcomes alone; holds until `recoverAfter` successes in a row. */
  readonly status: HealthStatus;
  readonly reason?: string;
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

/** The streak after one more outcome. Answers {@link freshStreak} itself when there is nothing to recover from any more. */
export function foldOutcome(policy: HealthPolicy, streak: RunStreak, outcome: Outcome): RunStreak {
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
  /** The run in progress: when it last gave a sign of life, and whether it is past its timeout. */
  readonly current?: { readonly id: string; readonly aliveMs: number; readonly timedOut: boolean };
  /** When the next run was due, while none is in progress and the schedule is in force. */
  readonly dueMs?: number;
  /** How late a run may be before it counts as overdue. */
  readonly overdueAfterMs: number;
}

/** Health of a worker from its runs, now. Pure: the same facts at the same time give the same answer. */
export function assessRuns(policy: HealthPolicy, facts: RunFacts, nowMs: number): Health {
  const { streak, current, dueMs } = facts;
  const sinceSuccessMs = nowMs - facts.lastSuccessMs;
  if (current !== undefined) {
    if (current.timedOut) {
      return { status: 'unhealthy', reason: `run ${current.id} is past its timeout and does not end` };
    }
    const stuck = assessProgress(policy, current, nowMs);
    if (stuck.status !== 'ok') return stuck;
  }
  if (policy.staleAfterMs !== undefined && sinceSuccessMs > policy.staleAfterMs) {
    const last = facts.lastProblem === undefined ? '' : `, last problem: ${facts.lastProblem}`;
    return { status: 'unhealthy', reason: `no success for ${formatDuration(sinceSuccessMs)}${last}` };
  }
  if (streak.status === 'unhealthy') return verdict(streak);
  const lateMs = current === undefined && dueMs !== undefined ? nowMs - dueMs : 0;
  if (lateMs > facts.overdueAfterMs) {
    const status = lateMs > 2 * facts.overdueAfterMs ? 'unhealthy' : 'degraded';
    return { status, reason: `a run was due ${formatDuration(lateMs)} ago and did not happen` };
  }
  return verdict(streak);
}

/** Whether the run in progress gives signs of life, and nothing else. */
export function assessProgress(
  policy: HealthPolicy,
  current: { readonly id: string; readonly aliveMs: number },
  nowMs: number,
): Health {
  const silentMs = nowMs - current.aliveMs;
  if (policy.stuckAfterMs === undefined || silentMs <= policy.stuckAfterMs) return { status: 'ok' };
  return { status: 'unhealthy', reason: `run ${current.id} is stuck: no progress for ${formatDuration(silentMs)}` };
}

function verdict({ status, reason }: RunStreak): Health {
  return reason === undefined ? { status } : { status, reason };
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
