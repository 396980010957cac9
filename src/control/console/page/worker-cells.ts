import type { Worker } from './answers.js';
import { badge, moment, outcomeOf, whole } from './badges.js';
import type { Controls } from './controls.js';
import { actionsFor, verbOf, workerDraft } from './draft.js';
import { duration } from './format.js';
import { make, type Tree } from './tree.js';

/** Where a worker is in its life, and what holds it there. */
export function stateOf({ state, waitingFor, pausedBy }: Worker): Tree {
  const why = waitingFor === undefined ? pausedBy && `by ${pausedBy}` : `for ${waitingFor.join(', ')}`;
  return [badge(state), why === undefined ? undefined : make('span', { class: 'why' }, why)];
}

/** How a worker is, and why. */
export function healthOf({ health }: Pick<Worker, 'health'>): Tree {
  const isTelling = health.reason !== undefined && health.status !== 'ok';
  return [badge(health.status), isTelling && make('span', { class: 'why' }, health.reason)];
}

/** What the last run came to. */
export function lastRunOf(worker: Worker, nowMs: number): Tree {
  const { lastRun } = worker;
  const hasRuns = isRunDriven(worker);
  if (lastRun === undefined) return make('span', { class: 'quiet' }, hasRuns ? 'none yet' : '–');
  const length = lastRun.durationMs !== undefined && [', ', whole(`took ${duration(lastRun.durationMs)}`)];
  return [outcomeOf(lastRun), make('span', { class: 'why' }, moment(lastRun.started, nowMs), length)];
}

/** When the next run comes, or how far the one in progress is. */
export function nextRunOf(worker: Worker, nowMs: number): Tree {
  const { state, currentRun, nextRun } = worker;
  if (currentRun !== undefined) return progressOf(currentRun, nowMs);
  // The page is a little behind: what is due by its clock may be over already.
  if (nextRun !== undefined) return Date.parse(nextRun) < nowMs ? 'now' : moment(nextRun, nowMs);
  return make('span', { class: 'quiet' }, state === 'running' && isRunDriven(worker) ? 'when there is work' : '–');
}

/** Whether it is known to have runs: a worker by hand may do its work without any. */
function isRunDriven({ runs, nextRun, currentRun }: Worker): boolean {
  return runs > 0 || nextRun !== undefined || currentRun !== undefined;
}

function progressOf({ id, progress, started }: NonNullable<Worker['currentRun']>, nowMs: number): Tree {
  const lasting = `running for ${duration(Math.max(0, nowMs - Date.parse(started)))}`;
  if (progress === undefined) return make('span', { key: id }, lasting);
  const { done, total, note } = progress;
  const share = total === undefined ? `${done} done` : `${done} of ${total}`;
  const bar = make('progress', { max: total, value: total === undefined ? undefined : done, 'aria-label': share });
  return make('span', { key: id, class: 'progress' }, bar, make('span', {}, `${share}${note ? `, ${note}` : ''}`));
}

/** A button for each thing that can be done to a worker in its state. */
export function buttonsFor(worker: Worker, controls: Controls, most = Infinity): Tree {
  return make(
    'span',
    { class: 'buttons' },
    actionsFor(worker)
      .slice(0, most)
      .map((action) => {
        const onclick = (): void => {
          controls.begin(workerDraft(worker, action));
        };
        const label = `${verbOf(action)} ${worker.name}`;
        return make('button', { key: action, type: 'button', onclick, 'aria-label': label }, verbOf(action));
      }),
  );
}
