import { shown } from './absent.js';
import type { Health, Status, Worker } from './answers.js';
import { barRow } from './bar-row.js';
import { count, duration } from './format.js';
import type { Model } from './model.js';
import { needsGraph } from './needs-graph.js';
import { workerAddress } from './place.js';
import { section, table } from './tables.js';
import { make, type Tree } from './tree.js';

/** How the application came up, and who needs whom. */
export function startPage(model: Model): Tree {
  return [
    section(
      'Start',
      shown(model.status, 'the start', (status) => timeline(status)),
    ),
    section(
      'Who needs whom',
      shown(model.workers, 'the workers', (workers) => needs(workers, model.health.value)),
    ),
  ];
}

function timeline({ timeline: entries, uptimeMs }: Status): Tree {
  if (entries.length === 0) return make('p', { class: 'quiet' }, 'No worker has started yet.');
  // What comes before the first worker is the same for all, and would push all bars to the edge.
  const firstMs = Math.min(...entries.map(({ startedMs }) => startedMs));
  const lastMs = Math.max(...entries.map(({ startedMs, readyMs }) => readyMs ?? Math.max(startedMs, uptimeMs)));
  const totalMs = Math.max(1, lastMs - firstMs);
  const unready = entries.filter(({ readyMs }) => readyMs === undefined).length;
  const rows = entries.map(({ worker, startedMs, readyMs, waitedFor }) => {
    const beginMs = startedMs - firstMs;
    const lengthMs = (readyMs ?? lastMs) - startedMs;
    const waiting = { startMs: 0, lengthMs: beginMs, tone: 'faint' };
    const starting = { startMs: beginMs, lengthMs, tone: readyMs === undefined ? 'warn' : 'good' };
    return {
      key: worker,
      cells: [
        make('a', { href: workerAddress(worker) }, worker),
        waitedFor.length === 0 ? 'nothing' : waitedFor.join(', '),
        duration(startedMs),
        readyMs === undefined ? 'not ready yet' : duration(lengthMs),
        barRow(waitedFor.length === 0 ? [starting] : [waiting, starting], totalMs),
      ],
    };
  });
  const columns = ['Worker', 'Waited for', 'Told to start after', 'Took', `The first ${duration(totalMs)} of workers`];
  const sum = `${count(entries.length, 'worker')} up after ${duration(lastMs)}.`;
  return [
    make('p', {}, unready === 0 ? sum : `${count(unready, 'worker')} not ready yet.`),
    make('div', { class: 'chart cards' }, table('Start timeline', columns, rows)),
  ];
}

function needs(workers: readonly Worker[], health: Health | undefined): Tree {
  const contributors = Object.entries(health?.contributors ?? {}).map(([name, { status }]) => ({ name, status }));
  const lines = workers.filter(({ options }) => options.needs.length > 0);
  return [
    needsGraph(workers, contributors),
    lines.length === 0
      ? make('p', { class: 'quiet' }, 'No worker needs another.')
      : make(
          'ul',
          { class: 'unseen' },
          lines.map(({ name, options }) => make('li', {}, `${name} needs ${options.needs.join(', ')}`)),
        ),
  ];
}
