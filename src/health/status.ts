import type { HealthStatus } from '../contracts/health.js';

/** The words of health from best to worst. */
export const healthStatuses: readonly HealthStatus[] = ['ok', 'degraded', 'unhealthy'];

/** What a member counts as: one that is not critical is `degraded` at worst. */
export function effective(raw: HealthStatus, critical: boolean): HealthStatus {
  return raw === 'unhealthy' && !critical ? 'degraded' : raw;
}
