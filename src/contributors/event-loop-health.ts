import type { Newable } from 'inversify';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { Duration } from '../contracts/duration.js';
import type { Health, HealthContributor, HealthContributorOptions } from '../contracts/health.js';
import { formatDuration, parseDuration } from '../time/duration.js';
import { healthCheck } from './health-check.js';
import { judge, type Limits, limitsOf } from './limits.js';

/** Options of {@link eventLoopHealth}. */
export interface EventLoopHealthOptions extends Partial<HealthContributorOptions> {
  /** The longest delay since the last check from which on it is degraded. Default `'200ms'`. */
  readonly degradedAbove?: Duration;
  /** The delay from which on it is unhealthy. Default `'2s'`. */
  readonly unhealthyAbove?: Duration;
}

/** A finer look would wake an idle process more often. */
const resolutionMs = 20;

/**
 * How late the event loop was at worst since the last check: somebody works for long without letting others run. Named
 * `event-loop`. One long moment is no illness, so it takes three bad answers in a row unless the options say otherwise.
 * @throws PlbaError `OPTION_INVALID`, `DURATION_INVALID`
 */
export function eventLoopHealth(options: EventLoopHealthOptions = {}): Newable<HealthContributor> {
  const { degradedAbove = '200ms', unhealthyAbove = '2s', name = 'event-loop', ...rest } = options;
  const limits = limitsOf(
    name,
    {
      degraded: parseDuration(degradedAbove, `degradedAbove of health contributor "${name}"`),
      unhealthy: parseDuration(unhealthyAbove, `unhealthyAbove of health contributor "${name}"`),
    },
    'rising',
  );
  let histogram: IntervalHistogram | undefined;
  return healthCheck({ unhealthyAfter: 3, ...rest, name }, () => {
    if (histogram === undefined) {
      // Watching begins with the first question. It keeps no process alive.
      histogram = monitorEventLoopDelay({ resolution: resolutionMs });
      histogram.enable();
      return 'ok';
    }
    const worstMs = histogram.count === 0 ? 0 : Math.max(0, histogram.max / 1e6 - resolutionMs);
    histogram.reset();
    return eventLoopHealthOf(limits, worstMs);
  });
}

/** What a delay amounts to. */
export function eventLoopHealthOf(limits: Limits, worstMs: number): Health {
  const badness = worstMs >= limits.unhealthy ? 'unhealthy' : worstMs >= limits.degraded ? 'degraded' : 'ok';
  return judge(badness, `the event loop was late by up to ${formatDuration(worstMs)}`, {
    worstMs: Math.round(worstMs),
  });
}
