import { Contestant, freePort } from '../lib/contestant.mjs';
import { getWhenOk } from '../lib/http.mjs';
import { inTurns, ratio } from '../lib/statistics.mjs';
import { figure, table } from '../lib/table.mjs';

const workers = 100;

const contestants = [
  { name: 'plba', file: 'plba.mjs', form: 'process' },
  { name: 'nest+express', file: 'nest.mjs', form: 'express' },
  { name: 'hand-glued', file: 'glued.mjs', form: '' },
  { name: 'node:http', file: 'node-http.mjs', form: '' },
];

/** Time from SIGTERM to the end of the process. */
export const stop = {
  name: 'stop',
  title: `SIGTERM to the end of the process, with ${workers} idle workers`,
  async measure({ isQuick, progress }) {
    const figures = await inTurns(
      contestants.map(({ name, file, form }) => ({ name, measure: () => startAndStop(file, form) })),
      isQuick ? 5 : 15,
      progress,
    );
    return [...figures].map(([name, medians]) => ({ name, ...medians }));
  },
  present(results) {
    const floor = results.find(({ name }) => name === 'node:http');
    const rows = results.map((each) => [
      each.name,
      figure(each.stopMs),
      figure(ratio(each, floor, 'stopMs')),
      endOf(each),
      `${Math.round(each.spread * 100)}%`,
    ]);
    return { text: table(['contestant', 'ms', 'of node:http', 'ends by', 'spread'], rows), goals: [] };
  },
};

/** How all of them ended, or that they ended differently. */
function endOf({ rounds }) {
  const ends = new Set(rounds.map(({ exitCode }) => (exitCode === -1 ? 'the signal' : `exit ${exitCode}`)));
  return [...ends].join(' or ');
}

async function startAndStop(file, form) {
  const port = await freePort();
  const contestant = new Contestant(file, { port, workers, form });
  try {
    await getWhenOk(port, '/health', { pauseMs: 20 });
    const began = performance.now();
    contestant.process.kill('SIGTERM');
    const { code, signal } = await contestant.ended;
    return { stopMs: performance.now() - began, exitCode: signal === null ? code : -1 };
  } finally {
    await contestant.end();
  }
}
