import type { Run, Worker } from './answers.js';
import { whole } from './badges.js';
import { duration, rate } from './format.js';
import { latestOf } from './troubles.js';
import { make, type Tree } from './tree.js';

/** How fast a worker is: its run in progress by the progress it tells, otherwise its last runs. Nothing when nothing is known. */
export function paceOf(worker: Worker, ledger: readonly Run[], nowMs: number): Tree {
  const { currentRun } = worker;
  if (currentRun?.progress !== undefined) return paceOfRun(currentRun, nowMs);
  const latest = latestOf(ledger);
  const oldest = latest.at(-1);
  if (oldest === undefined || latest.length < 2) return undefined;
  const spanMs = Math.max(1, nowMs - Date.parse(oldest.started));
  const items = latest.reduce((sum, run) => sum + (run.items ?? 0), 0);
  const runs = whole(rate(latest.length / spanMs, 'runs'));
  return items === 0 ? runs : make('span', {}, runs, ', ', whole(rate(items / spanMs, 'items')));
}

function paceOfRun({ progress }: Run, nowMs: number): Tree {
  if (progress?.perSecond === undefined) return undefined;
  const pace = whole(rate(progress.perSecond / 1000));
  if (progress.leftMs === undefined) return pace;
  const leftMs = Date.parse(progress.at) + progress.leftMs - nowMs;
  return make('span', {}, pace, ', ', whole(`${duration(Math.max(0, leftMs))} left`));
}
