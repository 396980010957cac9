import type { RunRecord } from '../contracts/run.js';
import { formatDuration } from '../time/duration.js';

/** What a failure message needs to know of a worker. */
export interface WorkerFacts {
  readonly state: string;
  readonly health: { readonly status: string; readonly reason?: string };
  /** Newest first. */
  readonly runs: readonly RunRecord[];
}

/** A ledger longer than this helps nobody. */
const mostRuns = 10;

/** A worker in a failure message: `it is running and degraded (…)`, and its ledger, a run on each line. */
export function describeWorker({ state, health, runs }: WorkerFacts): string {
  const reason = health.reason === undefined ? '' : ` (${health.reason})`;
  return `it is ${state} and ${health.status}${reason}\n${describeLedger(runs)}`;
}

/** The newest runs of a ledger, newest first, a run on each line, and between them how many are not kept. */
export function describeLedger(runs: readonly RunRecord[]): string {
  if (runs.length === 0) return 'its ledger is empty';
  const lines = runs.slice(0, mostRuns).flatMap(describeRun);
  const more = runs.length > mostRuns ? [`  and ${runs.length - mostRuns} more`] : [];
  return ['its ledger, newest run first:', ...lines, ...more].join('\n');
}

function describeRun(run: RunRecord): string[] {
  const { outcome, started, durationMs, trigger, attempt, items, reason, error, runsDropped } = run;
  const parts = [
    (outcome ?? 'in progress').padEnd(11),
    started.toISOString(),
    durationMs === undefined ? '' : `took ${formatDuration(durationMs)}`,
    `by ${trigger}`,
    attempt > 1 ? `attempt ${attempt}` : '',
    items === undefined ? '' : `${items} items`,
    reason ?? error?.message ?? '',
  ];
  const gap = runsDropped === undefined ? [] : [`  … ${runsDropped} not kept`];
  return [`  ${parts.filter((part) => part !== '').join('  ')}`, ...gap];
}
