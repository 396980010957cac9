import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { Contestant, freePort } from '../lib/contestant.mjs';
import { inTurns, ratio } from '../lib/statistics.mjs';
import { figure, table } from '../lib/table.mjs';

const clients = 100;
const perSecond = 1_000;
const peer = 'node:http, a write each';

/** What telling everything that happens to many clients costs. */
export const events = {
  name: 'events',
  title: `GET /events with ${clients} clients at ${perSecond.toLocaleString('en-US')} events a second`,
  async measure({ isQuick, progress }) {
    const contestants = [
      { name: 'plba', file: 'plba-events.mjs' },
      { name: peer, file: 'node-events.mjs' },
    ];
    const figures = await inTurns(
      contestants.map(({ name, file }) => ({ name, measure: () => listen(file, isQuick ? 3_000 : 6_000) })),
      isQuick ? 2 : 4,
      progress,
    );
    return [...figures].map(([name, medians]) => ({ name, ...medians }));
  },
  present(results) {
    const other = results.find(({ name }) => name === peer);
    const rows = results.map((each) => [
      each.name,
      ...[each.perCpuSecond, ratio(each, other, 'perCpuSecond'), each.perSecond, each.bytes].map(figure),
      `${Math.round(each.spread * 100)}%`,
    ]);
    const heads = [
      'contestant',
      'events told per CPU s',
      'of node:http',
      'events a second',
      'bytes an event',
      'spread',
    ];
    return { text: table(heads, rows), goals: [] };
  },
};

async function listen(file, durationMs) {
  const port = await freePort();
  const contestant = new Contestant(file, { port, amount: perSecond / 2 });
  const heard = { events: 0, bytes: 0 };
  try {
    await contestant.told();
    const sockets = await Promise.all(Array.from({ length: clients }, () => hear(port, heard)));
    await wait(500);
    const before = { ...heard, ...(await contestant.used()), ms: performance.now() };
    await wait(durationMs);
    const after = { ...heard, ...(await contestant.used()), ms: performance.now() };
    for (const socket of sockets) socket.destroy();
    const told = after.events - before.events;
    return {
      perCpuSecond: (told * 1_000_000) / (after.cpuMicros - before.cpuMicros),
      perSecond: (told * 1_000) / clients / (after.ms - before.ms),
      bytes: (after.bytes - before.bytes) / told,
    };
  } finally {
    await contestant.end();
  }
}

/** A client that counts what it hears, by the blank lines between events. */
function hear(port, heard) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () =>
      socket.write(`GET /events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`),
    );
    socket.on('error', reject);
    socket.once('data', () => resolve(socket));
    socket.on('data', (chunk) => {
      heard.bytes += chunk.length;
      for (let at = chunk.indexOf('\n\n'); at !== -1; at = chunk.indexOf('\n\n', at + 2)) heard.events++;
    });
  });
}
