import { Contestant, freePort } from '../lib/contestant.mjs';
import { getWhenOk } from '../lib/http.mjs';
import { inTurns } from '../lib/statistics.mjs';
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
    const floor = results.find(({ name }) => name === 'node:http').stopMs;
    const rows = results.map(({ name, stopMs, exitCode, spread }) => [
      name,
      figure(stopMs),
      figure(stopMs / floor),
      exitCode === undefined || Number.isNaN(exitCode) ? 'signal' : `exit ${exitCode}`,
      `${Math.round(spread * 100)}%`,
    ]);
    return { text: table(['contestant', 'ms', 'of node:http', 'ends by', 'spread'], rows), goals: [] };
  },
};

async function startAndStop(file, form) {
  const port = await freePort();
  const contestant = new Contestant(file, { port, workers, form });
  try {
    await getWhenOk(port, '/health', { pauseMs: 20 });
    const began = performance.now();
    contestant.process.kill('SIGTERM');
    const { code, signal } = await contestant.ended;
    return { stopMs: performance.now() - began, exitCode: signal === null ? code : Number.NaN };
  } finally {
    await contestant.end();
  }
}
