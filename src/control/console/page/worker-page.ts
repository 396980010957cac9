import { shown } from './absent.js';
import type { Run, Setting, Worker } from './answers.js';
import { moment, outcomeOf } from './badges.js';
import type { Controls } from './controls.js';
import { errorOf } from './error-text.js';
import { count, duration, lastingFor, plain } from './format.js';
import type { Model } from './model.js';
import { lastOrderOf } from './orders.js';
import { paceOf } from './pace.js';
import { addressOf, workerAddress } from './place.js';
import { runDetail } from './run-detail.js';
import { sparkline } from './sparkline.js';
import { facts, type Row, section, table } from './tables.js';
import { make, type Tree } from './tree.js';
import { itemsOf, rejectedIn } from './troubles.js';
import { buttonsFor, healthOf, nextRunOf, stateOf } from './worker-cells.js';
import { hasRuns } from './worker-kind.js';

/** One worker in depth. */
export function workerPage(
  model: Model,
  name: string,
  run: string | undefined,
  controls: Controls,
  nowMs: number,
): Tree {
  const worker = model.worker(name);
  if (worker === undefined) {
    return shown(model.workers, 'the workers', () => make('p', {}, `There is no worker "${name}" any more.`));
  }
  const ledger = model.ledger(name);
  return [
    make('div', { class: 'worker-head' }, make('h2', {}, name), buttonsFor(worker, controls)),
    standing(worker, model, nowMs),
    section(
      'Runs',
      shown(ledger, 'runs', (runs) => runsTable(worker, runs, run, nowMs)),
    ),
    shown(ledger, 'runs', (runs) => {
      const chosen = run === undefined ? runs[0] : runs.find(({ id }) => id === run);
      return chosen === undefined ? undefined : runDetail(chosen, model.traces);
    }),
    section('Options', options(worker, model.settings.value ?? [])),
  ];
}

function standing(worker: Worker, model: Model, nowMs: number): Tree {
  const runs = model.ledger(worker.name).value ?? [];
  const neededBy = (model.workers.value ?? []).filter(({ options: { needs } }) => needs.includes(worker.name));
  return [
    facts([
      ['State', stateOf(worker, nowMs)],
      ['For', lastingFor(worker.since, nowMs)],
      ['Health', healthOf(worker)],
      [worker.currentRun === undefined ? 'Next run' : 'Run in progress', hasRuns(worker) && nextRunOf(worker, nowMs)],
      ['Rate', paceOf(worker, runs, nowMs)],
      ['Runs', hasRuns(worker) && worker.runs],
      ['Rejected', rejectedIn(runs, nowMs)],
      ['Restarts', worker.restarts],
      ['Last order', lastOrderOf(worker, nowMs)],
      ['Module', worker.module],
      ['Needs', links(worker.options.needs, model)],
      [
        'Needed by',
        links(
          neededBy.map(({ name }) => name),
          model,
        ),
      ],
      ['Last runs', sparkline(runs)],
    ]),
    worker.error !== undefined && section('Why it is not running', errorOf(worker.error)),
    worker.details !== undefined &&
      Object.keys(worker.details).length > 0 &&
      section(
        'What it says itself',
        facts(Object.entries(worker.details).map(([name, value]) => [name, plain(value)])),
      ),
  ];
}

function links(names: readonly string[], model: Model): Tree {
  return names.length === 0
    ? undefined
    : names.map((name, index) => [
        index > 0 && ', ',
        model.worker(name) === undefined ? name : make('a', { href: workerAddress(name) }, name),
      ]);
}

function runsTable(worker: Worker, runs: readonly Run[], chosen: string | undefined, nowMs: number): Tree {
  const { name } = worker;
  const none = hasRuns(worker) ? 'It has not run yet.' : 'It does its work without runs.';
  if (runs.length === 0) return make('p', { class: 'quiet' }, none);
  const rows = runs.flatMap((run, index) => {
    const isChosen = run.id === chosen || (chosen === undefined && index === 0);
    const href = addressOf({ kind: 'worker', name, run: run.id });
    const why = run.error?.message ?? run.reason ?? run.progress?.note ?? '';
    const row = {
      key: run.id,
      attributes: { class: isChosen ? 'chosen' : undefined },
      cells: [
        make('a', { href, 'aria-current': isChosen && 'true' }, moment(run.started, nowMs)),
        outcomeOf(run),
        run.durationMs === undefined ? '' : duration(run.durationMs),
        itemsOf(run),
        run.trigger + (run.attempt > 1 ? `, attempt ${run.attempt}` : ''),
        why,
      ],
    };
    return run.runsDropped === undefined ? [row] : [row, gapAfter(run.id, run.runsDropped)];
  });
  const columns = ['Started', 'Outcome', 'Took', 'Items', 'Trigger', 'Why'];
  return make(
    'div',
    { class: 'cards scrolling', tabindex: 0, role: 'region', 'aria-label': 'Runs, newest first' },
    table(`Runs of ${name}`, columns, rows),
  );
}

/** A row that says that runs are missing. */
function gapAfter(id: string, runs: number): Row {
  const words = make('span', { class: 'quiet' }, `${count(runs, 'run')} not kept: what found nothing gives way first`);
  return { key: `after ${id}`, cells: ['…', '', '', '', '', words] };
}

function options({ name, options }: Worker, settings: readonly Setting[]): Tree {
  const prefix = `plba.workers.${name}.`;
  const rows = flat(options).map(([key, value]) => {
    const configured = settings.find(
      (setting) => setting.path === prefix + key.replace(/Ms$/, '') && !setting.isDefault,
    );
    return { key, cells: [key, value, configured?.source ?? "the worker's class, or a default"] };
  });
  return make(
    'details',
    {},
    make('summary', {}, `${rows.length} options, with where they come from`),
    make('div', { class: 'cards' }, table(`Options of ${name}`, ['Option', 'Value', 'From'], rows)),
  );
}

function flat(value: object, path = ''): [key: string, value: string][] {
  return Object.entries(value).flatMap(([name, member]: [string, unknown]): [string, string][] => {
    const key = path + name;
    if (typeof member === 'object' && member !== null && !Array.isArray(member)) return flat(member, `${key}.`);
    const isLength = name.endsWith('Ms') && typeof member === 'number';
    return [[key, isLength ? duration(member) : plain(member)]];
  });
}
