import type { Run, Worker } from './answers.js';
import { whole } from './badges.js';
import { duration, rate } from './format.js';
import type { Tree } from './tree.js';

/** How fast a worker is: its run in progress by the progress it tells, otherwise its last runs. Nothing when nothing is known. */
export function paceOf(worker: Worker, ledger: readonly Run[], nowMs: number): Tree {
  const { currentRun } = worker;
  if (currentRun?.progress !== undefined) return paceOfRun(currentRun, nowMs);
  const oldest = ledger.at(-1);
  if (oldest === undefined || ledger.length < 2) return undefined;
  const spanMs = Math.max(1, nowMs - Date.parse(oldest.started));
  const items = ledger.reduce((sum, run) => sum + (run.items ?? 0), 0);
  const runs = whole(rate(ledger.length / spanMs, 'runs'));
  return items === 0 ? runs : [runs, ', ', whole(rate(items / spanMs, 'items'))];
}

function paceOfRun({ progress }: Run, nowMs: number): Tree {
  if (progress?.perSecond === undefined) return undefined;
  const pace = whole(rate(progress.perSecond / 1000));
  if (progress.leftMs === undefined) return pace;
  const leftMs = Date.parse(progress.at) + progress.leftMs - nowMs;
  return [pace, ', ', whole(`${duration(Math.max(0, leftMs))} left`)];
}
