import type { EffectiveWorkerOptions } from '../contracts/worker-options.js';
import { backoffDelayMs } from '../time/backoff.js';

/** How a worker ended by itself. */
export type WorkerEnd = 'completed' | 'failed' | 'fatal';

/** What the supervisor does about a worker that ended by itself. After `escalate` the policy's `then` follows. */
export type RestartDecision =
  | { readonly kind: 'leave' }
  | { readonly kind: 'restart'; readonly afterMs: number }
  | { readonly kind: 'escalate'; readonly reason: string };

/**
 * Restart window as in OTP supervisors: more than `max` restarts within `within` escalates, and one success in between
 * resets nothing.
 * @param restartedAtMs when earlier restarts happened, oldest first, on the clock of `nowMs`
 */
export function decideRestart(
  policy: EffectiveWorkerOptions['restart'],
  end: WorkerEnd,
  restartedAtMs: readonly number[],
  nowMs: number,
  random: () => number,
): RestartDecision {
  if (end === 'completed' && policy.on !== 'exit') return { kind: 'leave' };
  if (end === 'fatal') return { kind: 'escalate', reason: 'trying again is pointless' };
  if (policy.on === 'never') return { kind: 'escalate', reason: 'restart.on is "never"' };
  const recent = restartedAtMs.filter((at) => at > nowMs - policy.withinMs).length;
  if (recent >= policy.max) {
    const reason = `restarted ${recent} times within ${policy.withinMs} ms, and restart.max is ${policy.max}`;
    return { kind: 'escalate', reason };
  }
  return { kind: 'restart', afterMs: backoffDelayMs(policy.backoff, recent + 1, random) };
}
