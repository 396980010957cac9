import type { OutcomeKind } from '../contracts/outcome.js';
import type { MetricRegistry } from '../metrics/metric-registry.js';
import type { Supervisor } from '../worker/supervisor.js';

// Names of workers come from the code of the application, so nothing is cut off however many there are.
const perWorker = { labels: ['plba.worker'], limit: Infinity } as const;

/** Shows what the runs of all workers add up to. */
export function observeRuns(metrics: MetricRegistry, { workers }: Supervisor): void {
  metrics.observe(
    'counter',
    'plba.runs',
    {
      description: 'Runs that have ended, by outcome',
      unit: '{run}',
      labels: ['plba.worker', 'plba.outcome'],
      limit: Infinity,
    },
    (report) => {
      for (const { name, executor } of workers) {
        if (executor.tally === undefined) continue;
        for (const [outcome, count] of Object.entries(executor.tally.outcomes) as [OutcomeKind, number][]) {
          report(count, { 'plba.worker': name, 'plba.outcome': outcome });
        }
      }
    },
  );
  metrics.observeHistogram(
    'plba.run.duration',
    { description: 'How long runs took, from start to outcome', unit: 's', ...perWorker },
    (report) => {
      for (const { name, executor } of workers) {
        if (executor.tally !== undefined) report(executor.tally.durations, { 'plba.worker': name });
      }
    },
  );
  metrics.observe(
    'counter',
    'plba.run.items',
    { description: 'Items that runs have dealt with', unit: '{item}', ...perWorker },
    (report) => {
      for (const { name, executor } of workers) report(executor.tally?.items ?? 0, { 'plba.worker': name });
    },
  );
  metrics.observe(
    'counter',
    'plba.run.rejected_items',
    { description: 'Items that partial runs had to leave out', unit: '{item}', ...perWorker },
    (report) => {
      for (const { name, executor } of workers) report(executor.tally?.rejected ?? 0, { 'plba.worker': name });
    },
  );
  metrics.observe(
    'gauge',
    'plba.runs.active',
    { description: 'Runs in progress', unit: '{run}', ...perWorker },
    (report) => {
      for (const { name, executor } of workers) report(executor.current === undefined ? 0 : 1, { 'plba.worker': name });
    },
  );
}
