import { Contestant, freePort } from '../lib/contestant.mjs';
import { getWhenOk } from '../lib/http.mjs';
import { load } from '../lib/load.mjs';
import { inTurns, ratio } from '../lib/statistics.mjs';
import { figure, goal, table } from '../lib/table.mjs';

const connections = 16;
const warmUpMs = 1_500;
/** So short, and all servers up all the time, that neighbours in time have the same machine: most of the work is the kernel's. */
const sliceMs = 250;

/** Requests to `/health` that one second of the server's CPU answers. */
export const health = {
  name: 'health',
  title: `GET /health with N contributors: answers per CPU second of the server (${connections} connections, kept open)`,
  async measure({ isQuick, progress }) {
    const results = [];
    for (const contributors of isQuick ? [1, 200] : [1, 20, 200]) {
      const bytes = await sizeOfAnswer(contributors);
      const contestants = [
        { name: 'plba', file: 'plba.mjs' },
        { name: 'nest+fastify', file: 'nest.mjs', form: 'fastify' },
        { name: 'koa, composing', file: 'koa.mjs' },
        { name: 'node:http, constant', file: 'node-http.mjs', bytes },
      ];
      const servers = [];
      try {
        for (const { name, file, ...task } of contestants)
          servers.push({ name, ...(await begin(file, { ...task, contributors })) });
        const figures = await inTurns(
          servers.map(({ name, ...server }) => ({ name, measure: () => ask(server, sliceMs) })),
          isQuick ? 10 : 30,
          (what) => progress(`${contributors} contributors: ${what}`),
        );
        for (const [name, medians] of figures) results.push({ contributors, name, ...medians });
      } finally {
        for (const { contestant } of servers) await contestant.end();
      }
    }
    return results;
  },
  present(results) {
    const at = (contributors, name) => results.find((each) => each.contributors === contributors && each.name === name);
    const times = (contributors, name, other) => ratio(at(contributors, name), at(contributors, other), 'perCpuSecond');
    const rows = results.map(({ contributors, name, perCpuSecond, bytes, spread }) => [
      `${name}, ${contributors}`,
      figure(perCpuSecond),
      figure(times(contributors, name, 'nest+fastify')),
      figure(times(contributors, name, 'node:http, constant')),
      figure(bytes),
      `${Math.round(spread * 100)}%`,
    ]);
    const heads = [
      'contestant, contributors',
      'answers per CPU s',
      'of nest+fastify',
      'of node:http',
      'bytes',
      'spread',
    ];
    return {
      text: table(heads, rows),
      goals: [
        goal({
          what: '/health with 200 contributors, of nest+fastify',
          value: times(200, 'plba', 'nest+fastify'),
          atLeast: 10,
        }),
        goal({
          what: '/health with 200 contributors, of node:http with a constant',
          value: times(200, 'plba', 'node:http, constant'),
          atLeast: 0.85,
        }),
      ],
    };
  },
};

/** A server that has answered for long enough to be as fast as it gets. */
async function begin(file, task) {
  const port = await freePort();
  const server = { port, contestant: new Contestant(file, { port, ...task }) };
  try {
    await server.contestant.told();
    await getWhenOk(port, '/health');
    await ask(server, warmUpMs);
    return server;
  } catch (error) {
    await server.contestant.end();
    throw error;
  }
}

async function ask({ port, contestant }, durationMs) {
  const before = await contestant.used();
  const { answers, bytes } = await load({ port, path: '/health', connections, durationMs });
  const after = await contestant.used();
  return { perCpuSecond: (answers * 1_000_000) / (after.cpuMicros - before.cpuMicros), bytes };
}

/** How long the runtime's own answer is, so that bare Node can send a constant of that size. */
async function sizeOfAnswer(contributors) {
  const port = await freePort();
  const contestant = new Contestant('plba.mjs', { port, contributors });
  try {
    await contestant.told();
    return (await getWhenOk(port, '/health')).body.length;
  } finally {
    await contestant.end();
  }
}
