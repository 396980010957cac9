import type { HealthStatus } from '../contracts/health.js';

/** Where the application is, as far as probes care. */
export type HealthPhase = 'starting' | 'running' | 'stopping';

/** What a group says because of where the application is, whatever its members say. */
export interface PhaseVerdict {
  readonly status: HealthStatus;
  readonly reason?: string;
}

/**
 * What the life of the application makes of a group's health; undefined when its members decide.
 *
 * | group | starting | running | stopping |
 * |---|---|---|---|
 * | `live` | ok | members | ok |
 * | `ready`, the whole | unhealthy | members | unhealthy |
 * | `startup` | unhealthy | members, until they are well once; then ok for good | ok if it ever was |
 * | the application's own | members | members | members |
 *
 * @param group name of the group; undefined is the whole
 * @param hasStarted whether `startup` has been well once
 */
export function phaseVerdict(
  group: string | undefined,
  phase: HealthPhase,
  hasStarted: boolean,
): PhaseVerdict | undefined {
  switch (group) {
    case 'live':
      return phase === 'running' ? undefined : { status: 'ok' };
    case 'startup':
      if (hasStarted) return { status: 'ok' };
      return phase === 'running' ? undefined : { status: 'unhealthy', reason: phase };
    case 'ready':
    case undefined:
      return phase === 'running' ? undefined : { status: 'unhealthy', reason: phase };
    default:
      return undefined;
  }
}
