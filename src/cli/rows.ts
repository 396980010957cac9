import type { WorkerReport } from '../contracts/reports.js';
import type { RunRecord } from '../contracts/run.js';
import { formatDuration } from '../time/duration.js';
import type { Cell } from './table.js';

/** Above {@link workerCells}. */
export const workerHeadings = ['worker', 'state', 'health', 'last run', 'next (utc)', 'restarts', 'reason'];

/** A worker as it came over the wire: its dates are text. */
export function workerCells({
  name,
  state,
  health,
  lastRun,
  currentRun,
  nextRun,
  restarts,
  error,
}: WorkerReport): Cell[] {
  const progress = currentRun?.progress;
  const working = progress === undefined ? 'runs' : `runs ${progress.done}/${progress.total ?? '?'}`;
  const last = lastRun && `${lastRun.outcome ?? ''} ${formatDuration(lastRun.durationMs ?? 0)}`;
  return [
    name,
    state,
    health.status,
    currentRun === undefined ? last : working,
    nextRun === undefined ? undefined : String(nextRun).slice(11, 19),
    restarts,
    error?.message ?? health.reason,
  ];
}

/** Above {@link runRow}. */
export const runHeadings = ['started', 'outcome', 'took', 'items', 'trigger', 'run', 'reason'];

/** A run of the ledger as it came over the wire. */
export function runRow(run: RunRecord): Cell[][] {
  const { started, outcome, durationMs, items, rejected, trigger, id, reason, error } = run;
  return [
    [
      instantText(started),
      outcome ?? 'runs',
      durationMs === undefined ? undefined : formatDuration(durationMs),
      rejected === undefined ? items : `${items ?? 0}, ${rejected} rejected`,
      trigger,
      id,
      error?.message ?? reason,
    ],
  ];
}

/** A run of the ledger, and below it how many are missing before the next, where some are. */
export function runRows(run: RunRecord): Cell[][] {
  const { runsDropped } = run;
  if (runsDropped === undefined) return runRow(run);
  return [...runRow(run), [`… ${runsDropped} not kept`, ...runHeadings.slice(1).map(() => '')]];
}

/** A value of the configuration on one line. */
export function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** An instant as it came over the wire, to the second: `2027-03-28 01:00:00Z`. */
export function instantText(instant: unknown): string {
  return String(instant)
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
}
