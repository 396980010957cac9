import type { Health, HealthStatus } from '../contracts/health.js';
import { healthStatuses } from './status.js';

/** How many answers in a row it takes to be believed. */
export interface Thresholds {
  /** `unhealthy` answers in a row that make unhealthy; before that it is degraded. */
  readonly unhealthyAfter: number;
  /** Better answers in a row that recover; before that it stays as it is. */
  readonly recoverAfter: number;
}

/** What the answers so far amount to. */
export interface Weighed {
  /** What is shown. */
  readonly health: Health;
  /** `unhealthy` answers in a row. */
  readonly bad: number;
  /** Answers in a row that are better than what is shown. */
  readonly good: number;
  /** Why it last was not well. */
  readonly trouble?: string;
}

/**
 * What to show after one more answer. A single bad answer among good ones is degraded at worst and a single good one among
 * bad ones recovers nothing, where the thresholds say so; a bad one is never shown as `ok`. The first answer counts as it is.
 */
export function weigh(thresholds: Thresholds, before: Weighed | undefined, answer: Health): Weighed {
  const trouble = answer.status === 'ok' ? before?.trouble : answer.reason;
  const why = trouble === undefined ? {} : { trouble };
  const bad = answer.status === 'unhealthy' ? (before?.bad ?? 0) + 1 : 0;
  if (before === undefined) return { health: answer, bad, good: 0, ...why };

  const shown = before.health.status;
  if (rank(answer.status) < rank(shown)) {
    const good = before.good + 1;
    if (good >= thresholds.recoverAfter) return { health: answer, bad, good: 0, ...why };
    const reason = `${good} of ${thresholds.recoverAfter} good answers in a row${after(before.trouble)}`;
    return {
      health: { status: shown, reason },
      bad,
      good,
      ...(before.trouble !== undefined && { trouble: before.trouble }),
    };
  }
  const isBelieved = answer.status !== 'unhealthy' || shown === 'unhealthy' || bad >= thresholds.unhealthyAfter;
  if (isBelieved) return { health: answer, bad, good: 0, ...why };
  const { details } = answer;
  const reason = `${bad} of ${thresholds.unhealthyAfter} bad answers in a row${after(answer.reason)}`;
  return { health: { status: 'degraded', reason, ...(details !== undefined && { details }) }, bad, good: 0, ...why };
}

function after(trouble: string | undefined): string {
  return trouble === undefined ? '' : `: ${trouble}`;
}

function rank(status: HealthStatus): number {
  return healthStatuses.indexOf(status);
}
