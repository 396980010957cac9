import type { Worker } from './answers.js';
import { moment } from './badges.js';
import { make, type Tree } from './tree.js';

type Order = NonNullable<Worker['lastOrder']>;

/** Where an order has brought a worker, for as long as it is there. */
const done: Readonly<Record<Order['action'], string>> = {
  start: 'started',
  stop: 'stopped',
  restart: 'restarted',
  pause: 'paused',
  resume: 'resumed',
};

/** What an operator has told a worker last, in full; undefined where {@link holderOf} says it. */
export function lastOrderOf({ state, lastOrder }: Worker, nowMs: number): Tree {
  if (lastOrder === undefined || done[lastOrder.action] === state) return undefined;
  const { action, by, reason, at } = lastOrder;
  return [`${done[action]} by ${by}${reason === undefined ? '' : `: ${reason}`}, `, moment(at, nowMs)];
}

/** Who holds a worker in its state, why, and since when; undefined where that is no operator. */
export function holderOf({ state, lastOrder }: Worker, nowMs: number): Tree {
  if (lastOrder === undefined || done[lastOrder.action] !== state) return undefined;
  const { by, reason, at } = lastOrder;
  return [`by ${by}${reason === undefined ? '' : `: ${reason}`}, `, moment(at, nowMs)];
}

/** How often its supervisor has started a worker again; and, beside that, whether an operator has. */
export function restartsOf({ restarts, lastOrder }: Worker, nowMs: number): Tree {
  if (lastOrder?.action !== 'restart' && lastOrder?.action !== 'start') return restarts;
  const { by, action, at } = lastOrder;
  const name = by.split('@', 1)[0] ?? by;
  return [restarts, make('span', { class: 'why', title: by }, `${done[action]} by ${name} `, moment(at, nowMs))];
}
