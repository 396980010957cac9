import type { Run } from './answers.js';
import { moment } from './badges.js';
import { count } from './format.js';
import { addressOf } from './place.js';
import { make, type Tree } from './tree.js';

/** The newest run of a ledger that did not end well, where the last one did: a link to it, with when and what it was. */
export function lastTrouble(ledger: readonly Run[], nowMs: number): Tree {
  const ended = ledger.filter(({ outcome }) => outcome !== undefined);
  const newest = ended.find(({ outcome }) => outcome !== 'worked' && outcome !== 'idle');
  if (newest === undefined || newest === ended[0]) return undefined;
  const { id, worker, outcome, started, rejected, reason, error } = newest;
  const what = rejected === undefined ? `last ${outcome ?? ''}` : `${rejected} rejected`;
  const href = addressOf({ kind: 'worker', name: worker, run: id });
  const link = make('a', { href, title: error?.message ?? reason }, `${what} `, moment(started, nowMs));
  return make('span', { class: 'why' }, link);
}

/** How many items the runs of a ledger have rejected, and when the last time was. */
export function rejectedIn(ledger: readonly Run[], nowMs: number): Tree {
  const runs = ledger.filter(({ rejected = 0 }) => rejected > 0);
  const [last] = runs;
  if (last === undefined) return undefined;
  const items = runs.reduce((sum, { rejected = 0 }) => sum + rejected, 0);
  return [`${count(items, 'item')} in ${count(runs.length, 'run')}, the last `, moment(last.started, nowMs)];
}

/** How many items a run has dealt with, and how many it has rejected. */
export function itemsOf({ items, rejected }: Run): Tree {
  if (rejected === undefined) return items;
  return [items, make('span', { class: 'why' }, `${rejected} rejected`)];
}

/** The latest runs of a ledger, up to where some are missing: what a rate can be computed from. */
export function latestOf(ledger: readonly Run[]): readonly Run[] {
  const gap = ledger.findIndex(({ runsDropped }) => runsDropped !== undefined);
  return gap < 0 ? ledger : ledger.slice(0, gap + 1);
}
