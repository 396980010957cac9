import { shown } from './absent.js';
import type { Health, Status, Worker } from './answers.js';
import { barRow } from './bar-row.js';
import { count, duration } from './format.js';
import type { Model } from './model.js';
import { needsGraph } from './needs-graph.js';
import { workerAddress } from './place.js';
import { startStretch } from './start-stretch.js';
import { section, table } from './tables.js';
import { make, type Tree } from './tree.js';

/** How the application came up, and who needs whom. */
export function startPage(model: Model): Tree {
  return [
    section(
      'Start',
      shown(model.status, 'the start', (status) => [timeline(status), firstChecks(status)]),
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
  const rows = entries.map((entry) => {
    const { worker, waitedFor } = entry;
    const { toldMs, turnMs, readyMs } = startStretch(entry, entries);
    const turnOrNowMs = Math.min(turnMs, lastMs);
    const waiting = { startMs: toldMs - firstMs, lengthMs: turnOrNowMs - toldMs, tone: 'faint' };
    const starting = {
      startMs: turnOrNowMs - firstMs,
      lengthMs: (readyMs ?? lastMs) - turnOrNowMs,
      tone: readyMs === undefined ? 'warn' : 'good',
    };
    return {
      key: worker,
      cells: [
        make('a', { href: workerAddress(worker) }, worker),
        waitedFor.length === 0
          ? 'nothing'
          : [waitedFor.join(', '), make('span', { class: 'why' }, waitOf(entry, turnMs))],
        readyMs === undefined ? 'not ready yet' : duration(readyMs - turnMs),
        readyMs === undefined ? '' : duration(readyMs),
        barRow(waiting.lengthMs > 0 ? [waiting, starting] : [starting], totalMs),
      ],
    };
  });
  const columns = ['Worker', 'Waited for', 'Took itself', 'Ready after', `The first ${duration(totalMs)} of workers`];
  const sum = `${count(entries.length, 'worker')} up after ${duration(lastMs)}.`;
  return [
    make('p', {}, unready === 0 ? sum : `${count(unready, 'worker')} not ready yet.`),
    make('div', { class: 'chart cards' }, table('Start timeline', columns, rows)),
  ];
}

/** When the health contributors came to be, and what their first checks took: whoever needs one waits for it. */
function firstChecks({ contributorTimeline }: Status): Tree {
  if (contributorTimeline.length === 0) return [];
  const rows = contributorTimeline.map(({ contributor, constructedMs, startedMs, readyMs }) => ({
    key: contributor,
    cells: [
      contributor,
      duration(constructedMs),
      startedMs === undefined ? 'not yet' : duration(startedMs),
      readyMs === undefined ? 'not yet' : duration(readyMs),
    ],
  }));
  const columns = ['Health contributor', 'Constructed after', 'First asked after', 'First answered after'];
  return make('div', { class: 'cards' }, table('First checks of health contributors', columns, rows));
}

function waitOf({ startedMs }: Status['timeline'][number], turnMs: number): string {
  return turnMs === Infinity ? 'and still waits' : `for ${duration(turnMs - startedMs)}`;
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
