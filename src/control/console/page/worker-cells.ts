import type { Run, Worker } from './answers.js';
import { badge, moment, outcomeOf, whole } from './badges.js';
import type { Controls } from './controls.js';
import { verbOf, workerDraft } from './draft.js';
import { duration } from './format.js';
import { holderOf } from './orders.js';
import { make, type Tree } from './tree.js';
import { lastTrouble } from './troubles.js';
import { hasRuns } from './worker-kind.js';

/** Where a worker is in its life, and what holds it there. */
export function stateOf(worker: Worker, nowMs: number): Tree {
  const { state, waitingFor, pausedBy } = worker;
  const needs = waitingFor && `for ${waitingFor.join(', ')}`;
  const why = needs ?? holderOf(worker, nowMs) ?? (pausedBy && `by ${pausedBy}`);
  return [badge(state), why === undefined ? undefined : make('span', { class: 'why' }, why)];
}

/** States that are the whole reason of a health: {@link stateOf} says what there is to say. */
const tellingStates: readonly string[] = ['created', 'waiting', 'starting', 'paused', 'stopping', 'stopped'];

/** How a worker is, and why where its state does not say so. */
export function healthOf({ health, state }: Pick<Worker, 'health' | 'state'>): Tree {
  const isTelling = health.reason !== undefined && health.status !== 'ok' && !tellingStates.includes(state);
  return [badge(health.status), isTelling && make('span', { class: 'why' }, health.reason)];
}

/** What the last run came to, and when the last one before it was that did not end well. */
export function lastRunOf(worker: Worker, ledger: readonly Run[], nowMs: number): Tree {
  const { lastRun } = worker;
  if (lastRun === undefined) return make('span', { class: 'quiet' }, hasRuns(worker) ? 'none yet' : '–');
  const { started, durationMs, rejected } = lastRun;
  const length = durationMs !== undefined && [', ', whole(`took ${duration(durationMs)}`)];
  const loss = rejected !== undefined && [whole(`${rejected} rejected`), ', '];
  const trouble = lastTrouble(ledger, nowMs);
  return [outcomeOf(lastRun), make('span', { class: 'why' }, loss, moment(started, nowMs), length), trouble];
}

/** When the next run comes, or how far the one in progress is. */
export function nextRunOf(worker: Worker, nowMs: number): Tree {
  const { state, currentRun, nextRun } = worker;
  if (currentRun !== undefined) return progressOf(currentRun, nowMs);
  // The page is a little behind: what is due by its clock may be over already.
  if (nextRun !== undefined) return Date.parse(nextRun) < nowMs ? 'now' : moment(nextRun, nowMs);
  return make('span', { class: 'quiet' }, state === 'running' && hasRuns(worker) ? 'when there is work' : '–');
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
    worker.actions.slice(0, most).map((action) => {
      const onclick = (): void => {
        controls.begin(workerDraft(worker, action));
      };
      const label = `${verbOf(action)} ${worker.name}`;
      return make('button', { key: action, type: 'button', onclick, 'aria-label': label }, verbOf(action));
    }),
  );
}
