import { spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Contestant, freePort } from '../lib/contestant.mjs';
import { get, getWhenOk } from '../lib/http.mjs';
import { percentile } from '../lib/statistics.mjs';
import { figure, goal, table } from '../lib/table.mjs';

const program = fileURLToPath(new URL('../lib/crowd.mjs', import.meta.url));
const everyMs = 20;
const kinds = [
  ['nobody', 0],
  ['slow headers', 1_000],
  ['slow body', 1_000],
  ['slow read', 1_000],
  ['idle', 10_000],
];

/** How long a liveness probe waits for its answer while others take up connections. */
export const crowds = {
  name: 'crowds',
  title: `GET /health/live every ${everyMs} ms among connections that take their time`,
  async measure({ isQuick, progress }) {
    const results = [];
    for (const [kind, count] of kinds) {
      progress(kind);
      results.push({ kind, count, ...(await probe(kind, count, isQuick ? 200 : 700)) });
    }
    return results;
  },
  present(results) {
    const rows = results.map(({ kind, count, p50, p99, most, grownMiB }) => [
      kind,
      count.toLocaleString('en-US'),
      ...[p50, p99, most, grownMiB].map(figure),
    ]);
    return {
      text: table(['crowd', 'connections', 'p50, ms', 'p99, ms', 'longest, ms', 'MiB more'], rows),
      goals: results
        .filter(({ count }) => count > 0)
        .map(({ kind, count, p99 }) =>
          goal({
            what: `liveness among ${count.toLocaleString('en-US')} of ${kind}, p99`,
            value: p99,
            atMost: 100,
            unit: ' ms',
          }),
        ),
    };
  },
};

async function probe(kind, count, probes) {
  const port = await freePort();
  const contestant = new Contestant('plba.mjs', { port, workers: 200, form: 'token' });
  let crowd;
  try {
    await contestant.told();
    await getWhenOk(port, '/health/live');
    const before = await contestant.used();
    if (count > 0) {
      crowd = spawn(process.execPath, [program, kind, port, count, 'sesame'], { stdio: ['ignore', 'pipe', 'inherit'] });
      await new Promise((resolve) => crowd.stdout.once('data', resolve));
      await get(port, '/health/live');
    }
    const tookMs = [];
    while (tookMs.length < probes) {
      await wait(everyMs);
      const askedMs = performance.now();
      const { status } = await get(port, '/health/live');
      if (status !== 200) throw new Error(`live is ${status}`);
      tookMs.push(performance.now() - askedMs);
    }
    const [p50, p99, most] = [0.5, 0.99, 1].map((part) => percentile(tookMs, part));
    return { p50, p99, most, grownMiB: ((await contestant.used()).rssBytes - before.rssBytes) / 2 ** 20 };
  } finally {
    crowd?.kill('SIGKILL');
    await contestant.end();
  }
}
