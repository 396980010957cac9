import type { Health, HealthStatus } from '../contracts/health.js';
import type { Outcome } from '../contracts/outcome.js';
import type { HealthPolicy } from '../contracts/worker-options.js';
import { summarizeError } from '../plain/error-summary.js';
import { formatDuration } from '../time/duration.js';

/** What the outcomes so far amount to. */
export interface RunStreak {
  /** The verdict of the outcomes alone; holds until `recoverAfter` successes in a row. */
  readonly status: HealthStatus;
  readonly reason?: string;
  /** `blocked` or `failed` runs in a row. */
  readonly setbacks: number;
  /** `failed` runs in a row; a `blocked` one in between does not end them, a success does. */
  readonly failures: number;
  /** Successes in a row. */
  readonly successes: number;
}

/** The streak of a worker that has not run yet. */
export const freshStreak: RunStreak = { status: 'ok', setbacks: 0, failures: 0, successes: 0 };

/** Whether an outcome counts as a success: it did what there was to do. */
export function isSuccess(outcome: Outcome, policy: HealthPolicy): boolean {
  if (outcome.kind === 'partial') return rejectedRatio(outcome) <= policy.rejectedRatio;
  return outcome.kind === 'worked' || outcome.kind === 'idle';
}

/** The streak after one more outcome. */
export function foldOutcome(policy: HealthPolicy, streak: RunStreak, outcome: Outcome): RunStreak {
  if (isSuccess(outcome, policy)) {
    const successes = streak.successes + 1;
    if (successes >= policy.recoverAfter) return { ...freshStreak, successes };
    return { ...streak, setbacks: 0, failures: 0, successes };
  }
  if (outcome.kind === 'partial') {
    const reason = `${outcome.rejected} of ${outcome.done + outcome.rejected} rejected: ${outcome.reason}`;
    return { ...streak, ...worse(streak, { status: 'degraded', reason }), successes: 0 };
  }
  const setbacks = streak.setbacks + 1;
  const failures = streak.failures + (outcome.kind === 'failed' ? 1 : 0);
  const counts = { setbacks, failures, successes: 0 };
  const problem =
    outcome.kind === 'blocked'
      ? outcome.reason
      : outcome.kind === 'worked' || outcome.kind === 'idle'
        ? ''
        : summarizeError(outcome.error).message;
  if (outcome.kind === 'fatal') return { status: 'unhealthy', reason: `fatal: ${problem}`, ...counts };
  if (outcome.kind === 'failed' && failures >= policy.unhealthyAfter) {
    return { status: 'unhealthy', reason: `${inARow(failures, 'failed')}: ${problem}`, ...counts };
  }
  if (setbacks >= policy.degradedAfter) {
    const reason = `${inARow(setbacks, outcome.kind)}: ${problem}`;
    return { ...worse(streak, { status: 'degraded', reason }), ...counts };
  }
  return { ...streak, ...counts };
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
    const silentMs = nowMs - current.aliveMs;
    if (current.timedOut) {
      return { status: 'unhealthy', reason: `run ${current.id} is past its timeout and does not end` };
    }
    if (policy.stuckAfterMs !== undefined && silentMs > policy.stuckAfterMs) {
      return { status: 'unhealthy', reason: `run ${current.id} is stuck: no progress for ${formatDuration(silentMs)}` };
    }
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

function verdict({ status, reason }: RunStreak): Health {
  return reason === undefined ? { status } : { status, reason };
}

function worse(streak: RunStreak, other: { status: 'degraded'; reason: string }): Pick<RunStreak, 'status' | 'reason'> {
  return streak.status === 'unhealthy'
    ? { status: streak.status, ...(streak.reason !== undefined && { reason: streak.reason }) }
    : other;
}

function rejectedRatio({ done, rejected }: { done: number; rejected: number }): number {
  return rejected === 0 ? 0 : rejected / (done + rejected);
}

function inARow(count: number, word: string): string {
  return count === 1 ? `1 run ${word}` : `${count} runs ${word} in a row`;
}
