import type { Run, Worker } from './answers.js';
import { duration, rate } from './format.js';

/** How fast a worker is: its run in progress by the progress it tells, otherwise its last runs. Empty when nothing is known. */
export function paceOf(worker: Worker, ledger: readonly Run[], nowMs: number): string {
  const { currentRun } = worker;
  if (currentRun?.progress !== undefined) return paceOfRun(currentRun, nowMs);
  const oldest = ledger.at(-1);
  if (oldest === undefined || ledger.length < 2) return '';
  const spanMs = Math.max(1, nowMs - Date.parse(oldest.started));
  const items = ledger.reduce((sum, run) => sum + (run.items ?? 0), 0);
  const runs = rate(ledger.length / spanMs, 'runs');
  return items === 0 ? runs : `${runs}, ${rate(items / spanMs, 'items')}`;
}

function paceOfRun({ progress }: Run, nowMs: number): string {
  if (progress?.perSecond === undefined) return '';
  const pace = rate(progress.perSecond / 1000);
  if (progress.leftMs === undefined) return pace;
  const leftMs = Date.parse(progress.at) + progress.leftMs - nowMs;
  return `${pace}, ${duration(Math.max(0, leftMs))} left`;
}
