import type { Metrics } from '../contracts/metrics.js';
import type { HealthService } from '../health/health-service.js';
import type { LoopWatch } from '../health/loop-watch.js';

/** Shows how often the event loop was blocked, and how often health has changed. */
export function observeTransitions(metrics: Metrics, health: HealthService, watch: LoopWatch | undefined): void {
  metrics.observe(
    'counter',
    'plba.event_loop.stalls',
    { description: 'How often the event loop was blocked for a second or longer', unit: '{stall}' },
    (report) => {
      report(watch?.stalls ?? 0);
    },
  );
  metrics.observe(
    'counter',
    'plba.event_loop.blocked_time',
    { description: 'For how long the event loop was blocked, in stalls of a second or longer', unit: 's' },
    (report) => {
      report((watch?.blockedMs ?? 0) / 1_000);
    },
  );
  metrics.observe(
    'counter',
    'plba.health.transitions',
    {
      description: 'How often the health of a worker or contributor has changed, by what it is since',
      unit: '{transition}',
      labels: ['plba.kind', 'plba.name', 'plba.status'],
      limit: Infinity,
    },
    (report) => {
      for (const { kind, name, to, count } of health.transitions())
        report(count, { 'plba.kind': kind, 'plba.name': name, 'plba.status': to });
    },
  );
}
