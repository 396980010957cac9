import type { Worker } from './answers.js';
import { count } from './format.js';
import type { Controls } from './controls.js';
import type { Model } from './model.js';
import { restartsOf } from './orders.js';
import { paceOf } from './pace.js';
import { workerAddress } from './place.js';
import { sparkline } from './sparkline.js';
import { table } from './tables.js';
import { make, type Tree } from './tree.js';
import { buttonsFor, healthOf, lastRunOf, nextRunOf, stateOf } from './worker-cells.js';

/** More rows than this are not drawn: whoever has so many workers looks for one by its name. */
export const mostRows = 100;

/** From so many workers on there is a field to look for one. */
const fewRows = 8;

const columns = ['Worker', 'State', 'Health', 'Last run', 'Next run', 'Rate', 'Restarts', 'Last runs', 'Actions'];

/** The workers that are looked for, as many as are drawn. */
export function drawnWorkers({ workers, filter }: Model): readonly Worker[] {
  const wanted = filter.trim().toLowerCase();
  const fits = ({ name, state, health }: Worker): boolean =>
    wanted === '' || name.toLowerCase().includes(wanted) || state.includes(wanted) || health.status === wanted;
  return (workers.value ?? []).filter(fits).slice(0, mostRows);
}

/** Every worker in a row. */
export function workersTable(model: Model, controls: Controls, nowMs: number): Tree {
  const all = model.workers.value ?? [];
  const drawn = drawnWorkers(model);
  const rows = drawn.map((worker) => {
    const ledger = model.ledgers.get(worker.name)?.value ?? [];
    const cells = [
      [
        make('a', { href: workerAddress(worker.name) }, worker.name),
        !worker.critical && make('span', { class: 'why' }, 'not critical'),
      ],
      stateOf(worker, nowMs),
      healthOf(worker),
      lastRunOf(worker, ledger, nowMs),
      nextRunOf(worker, nowMs),
      paceOf(worker, ledger, nowMs),
      restartsOf(worker, nowMs),
      sparkline(ledger),
      buttonsFor(worker, controls, 2),
    ];
    return { key: worker.name, cells };
  });
  return [
    all.length > fewRows && filterField('Find a worker by name, state or health', model.filter, controls),
    make('div', { class: 'cards' }, table('Workers', columns, rows)),
    drawn.length < all.length && make('p', { class: 'quiet' }, `${drawn.length} of ${count(all.length, 'worker')}`),
  ];
}

/** A field that narrows the list below it. */
export function filterField(label: string, filter: string, controls: Controls): Tree {
  const oninput = ({ target }: Event): void => {
    if (target instanceof HTMLInputElement) controls.look(target.value);
  };
  return make('input', {
    type: 'search',
    class: 'filter',
    value: filter,
    placeholder: label,
    'aria-label': label,
    oninput,
  });
}
