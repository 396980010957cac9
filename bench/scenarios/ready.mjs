import { Contestant, freePort } from '../lib/contestant.mjs';
import { getWhenOk } from '../lib/http.mjs';
import { inTurns, ratio } from '../lib/statistics.mjs';
import { figure, goal, table } from '../lib/table.mjs';

const contestants = [
  { name: 'plba', file: 'plba.mjs' },
  { name: 'nest+express', file: 'nest.mjs', form: 'express' },
  { name: 'nest+fastify', file: 'nest.mjs', form: 'fastify' },
  { name: 'hand-glued', file: 'glued.mjs' },
  { name: 'node:http', file: 'node-http.mjs' },
];

/** CPU from the start of the process to ready, and to its first 200 on `/health`. */
export const ready = {
  name: 'ready',
  title: 'CPU from process start to ready, with health over HTTP and N idle workers',
  async measure({ isQuick, progress }) {
    const results = [];
    for (const workers of isQuick ? [1, 10_000] : [1, 100, 1_000, 10_000]) {
      const rounds = isQuick ? (workers === 1 ? 5 : 2) : workers === 10_000 ? 5 : 7;
      const figures = await inTurns(
        contestants.map(({ name, file, form = '' }) => ({ name, measure: () => start(file, form, workers) })),
        rounds,
        (what) => progress(`${workers} workers: ${what}`),
      );
      for (const [name, medians] of figures) results.push({ workers, name, ...medians });
    }
    return results;
  },
  present(results) {
    const at = (workers, name) => results.find((each) => each.workers === workers && each.name === name);
    const times = (workers, name, other) => ratio(at(workers, name), at(workers, other), 'answeredMs');
    const rows = results.map(({ workers, name, readyMs, answeredMs, rssMiB, spread }) => [
      `${name}, ${workers.toLocaleString('en-US')}`,
      figure(readyMs),
      figure(answeredMs),
      figure(times(workers, name, 'nest+express')),
      figure(times(workers, name, 'node:http')),
      figure(rssMiB),
      `${Math.round(spread * 100)}%`,
    ]);
    const heads = [
      'contestant, workers',
      'ready, ms',
      'answered, ms',
      'of nest+express',
      'of node:http',
      'MiB',
      'spread',
    ];
    return {
      text: table(heads, rows),
      goals: [
        goal({
          what: 'CPU to ready, 1 worker, of nest+express',
          value: times(1, 'plba', 'nest+express'),
          atMost: 0.55,
        }),
        goal({
          what: 'CPU to ready, 10,000 workers, of nest+express',
          value: times(10_000, 'plba', 'nest+express'),
          atMost: 0.5,
        }),
      ],
    };
  },
};

async function start(file, form, workers) {
  const port = await freePort();
  const contestant = new Contestant(file, { port, workers, form });
  try {
    const readyAt = await contestant.told();
    await getWhenOk(port, '/health');
    const answeredAt = await contestant.used();
    return {
      answeredMs: answeredAt.cpuMicros / 1_000,
      readyMs: readyAt.cpuMicros / 1_000,
      rssMiB: answeredAt.rssBytes / 2 ** 20,
    };
  } finally {
    await contestant.end();
  }
}
