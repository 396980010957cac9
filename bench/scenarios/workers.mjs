import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Contestant, freePort } from '../lib/contestant.mjs';
import { getWhenOk } from '../lib/http.mjs';
import { load } from '../lib/load.mjs';
import { inTurns, ratio } from '../lib/statistics.mjs';
import { figure, table } from '../lib/table.mjs';

const count = 1_000;
const connections = 4;
const peer = 'koa, the same objects';

/** Requests to `/workers` that one second of the server's CPU answers. */
export const workers = {
  name: 'workers',
  title: `GET /workers with ${count.toLocaleString('en-US')} workers: answers per CPU second of the server (${connections} connections)`,
  async measure({ isQuick, progress }) {
    const file = join(tmpdir(), `plba-bench-workers-${process.pid}.json`);
    writeFileSync(file, await answerOfPlba());
    try {
      const contestants = [
        { name: 'plba', file: 'plba.mjs', workers: count },
        { name: peer, file: 'koa-workers.mjs', form: file },
      ];
      const figures = await inTurns(
        contestants.map(({ name, file: program, ...task }) => ({ name, measure: () => serve(program, task, isQuick) })),
        isQuick ? 2 : 4,
        progress,
      );
      return [...figures].map(([name, medians]) => ({ name, ...medians }));
    } finally {
      rmSync(file);
    }
  },
  present(results) {
    const other = results.find(({ name }) => name === peer);
    const rows = results.map((each) => [
      each.name,
      ...[each.perCpuSecond, ratio(each, other, 'perCpuSecond'), each.bytes].map(figure),
      `${Math.round(each.spread * 100)}%`,
    ]);
    return { text: table(['contestant', 'answers per CPU s', 'of koa', 'bytes', 'spread'], rows), goals: [] };
  },
};

async function serve(file, task, isQuick) {
  const port = await freePort();
  const contestant = new Contestant(file, { port, ...task });
  try {
    await contestant.told();
    await getWhenOk(port, '/workers');
    const ask = (durationMs) => load({ port, path: '/workers', connections, durationMs });
    await ask(1_000);
    const before = await contestant.used();
    const { answers, bytes } = await ask(isQuick ? 2_000 : 4_000);
    const after = await contestant.used();
    return { perCpuSecond: (answers * 1_000_000) / (after.cpuMicros - before.cpuMicros), bytes };
  } finally {
    await contestant.end();
  }
}

async function answerOfPlba() {
  const port = await freePort();
  const contestant = new Contestant('plba.mjs', { port, workers: count });
  try {
    await contestant.told();
    return (await getWhenOk(port, '/workers')).body;
  } finally {
    await contestant.end();
  }
}
