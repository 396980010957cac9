import type { HealthStatus } from '../contracts/health.js';

/** The words of health from best to worst. */
export const healthStatuses: readonly HealthStatus[] = ['ok', 'degraded', 'unhealthy'];

/** The worst of them; `ok` when there are none: nothing that is asked for is wrong. */
export function worst(statuses: Iterable<HealthStatus>): HealthStatus {
  let worstYet: HealthStatus = 'ok';
  for (const status of statuses) {
    if (status === 'unhealthy') return status;
    if (status === 'degraded') worstYet = status;
  }
  return worstYet;
}

/** What a member counts as: one that is not critical is `degraded` at worst. */
export function effective(raw: HealthStatus, critical: boolean): HealthStatus {
  return raw === 'unhealthy' && !critical ? 'degraded' : raw;
}
