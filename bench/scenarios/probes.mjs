import { setTimeout as wait } from 'node:timers/promises';
import { Contestant, freePort } from '../lib/contestant.mjs';
import { get, getWhenOk } from '../lib/http.mjs';
import { percentile } from '../lib/statistics.mjs';
import { figure, goal, table } from '../lib/table.mjs';

const blockedMs = 2_000;
const everyMs = 20;

/** How long a liveness probe waits for its answer while the event loop is blocked nearly all the time. */
export const probes = {
  name: 'probes',
  title: `GET /health/live every ${everyMs} ms while a run blocks the event loop for ${blockedMs / 1_000} s at a time`,
  async measure({ isQuick, progress }) {
    const results = [];
    for (const [name, form] of [
      ['plba, on a thread', 'thread'],
      ['plba, inline', 'inline'],
    ]) {
      progress(name);
      results.push({ name, ...(await probe(form, isQuick ? 8_000 : 20_000)) });
    }
    return results;
  },
  present(results) {
    const rows = results.map(({ name, answers, p50, p99, most }) => [name, ...[answers, p50, p99, most].map(figure)]);
    const [thread] = results;
    return {
      text: table(['contestant', 'answers', 'p50, ms', 'p99, ms', 'longest, ms'], rows),
      goals: [
        goal({
          what: 'liveness on a thread while the loop is blocked, p99',
          value: thread.p99,
          atMost: 100,
          unit: ' ms',
        }),
      ],
    };
  },
};

async function probe(form, durationMs) {
  const port = await freePort();
  const contestant = new Contestant('plba-blocked.mjs', { port, form, amount: blockedMs });
  try {
    await contestant.told();
    await getWhenOk(port, '/health/live');
    const tookMs = [];
    const asked = [];
    for (const until = performance.now() + durationMs; performance.now() < until; await wait(everyMs)) {
      const askedMs = performance.now();
      asked.push(
        get(port, '/health/live').then(({ status }) => {
          if (status !== 200) throw new Error(`live is ${status}`);
          tookMs.push(performance.now() - askedMs);
        }),
      );
    }
    await Promise.all(asked);
    const [p50, p99, most] = [0.5, 0.99, 1].map((part) => percentile(tookMs, part));
    return { answers: tookMs.length, p50, p99, most };
  } finally {
    await contestant.end();
  }
}
