import type { Newable } from 'inversify';
import { getHeapStatistics } from 'node:v8';
import type { Health, HealthContributor, HealthContributorOptions } from '../contracts/health.js';
import { healthCheck } from './health-check.js';
import { judge, type Limits, limitsOf } from './limits.js';

/** Options of {@link heapHealth}. */
export interface HeapHealthOptions extends Partial<HealthContributorOptions> {
  /** The part of the heap's limit, 0 to 1, from which on it is degraded. Default 0.85. */
  readonly degradedAbove?: number;
  /** The part from which on it is unhealthy. Default 0.95. */
  readonly unhealthyAbove?: number;
}

/**
 * How full the heap is, measured at the limit that V8 ends the process at (`--max-old-space-size`). Named `heap`. Garbage
 * counts until it is collected, so it takes three bad answers in a row unless the options say otherwise.
 * @throws PlbaError `OPTION_INVALID`
 */
export function heapHealth(options: HeapHealthOptions = {}): Newable<HealthContributor> {
  const { degradedAbove = 0.85, unhealthyAbove = 0.95, name = 'heap', ...rest } = options;
  const limits = limitsOf(name, { degraded: degradedAbove, unhealthy: unhealthyAbove }, 'rising');
  return healthCheck({ unhealthyAfter: 3, ...rest, name }, () => {
    const { used_heap_size: usedBytes, heap_size_limit: limitBytes } = getHeapStatistics();
    return heapHealthOf(limits, usedBytes, limitBytes);
  });
}

/** What so many bytes used of so many amount to. */
export function heapHealthOf(limits: Limits, usedBytes: number, limitBytes: number): Health {
  const part = usedBytes / limitBytes;
  const badness = part >= limits.unhealthy ? 'unhealthy' : part >= limits.degraded ? 'degraded' : 'ok';
  return judge(badness, `${Math.round(part * 100)} % of the heap's limit is in use`, { usedBytes, limitBytes });
}
