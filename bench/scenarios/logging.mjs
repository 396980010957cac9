import { Contestant } from '../lib/contestant.mjs';
import { inTurns, ratio } from '../lib/statistics.mjs';
import { figure, goal, table } from '../lib/table.mjs';

const scrubbing = 'plba, 3 secrets known';

/** Log lines: through the runtime, and through pino alone. */
export const logging = {
  name: 'logging',
  title: 'Log lines of some 280 characters, each written at once to the null device, none with a secret in it',
  async measure({ isQuick, progress }) {
    const amount = isQuick ? 50_000 : 200_000;
    const figures = await inTurns(
      [
        { name: 'pino, own destination', measure: () => logMany('log-pino.mjs', { amount }) },
        { name: 'plba, no secret known', measure: () => logMany('log-plba.mjs', { amount }) },
        { name: scrubbing, measure: () => logMany('log-plba.mjs', { amount, form: 'secrets' }) },
      ],
      isQuick ? 5 : 7,
      progress,
    );
    return [...figures].map(([name, medians]) => ({ name, ...medians }));
  },
  present(results) {
    const pino = results.find(({ name }) => name.startsWith('pino'));
    const rows = results.map((each) => [
      each.name,
      figure(each.perCpuSecond),
      figure(ratio(each, pino, 'perCpuSecond')),
      figure(each.linesPerSecond),
      `${Math.round(each.spread * 100)}%`,
    ]);
    const scrubbed = results.find(({ name }) => name === scrubbing);
    return {
      text: table(['contestant', 'lines per CPU s', 'of pino', 'lines a second', 'spread'], rows),
      goals: [
        goal({
          what: 'log lines per CPU second with scrubbing, of pino',
          value: ratio(scrubbed, pino, 'perCpuSecond'),
          atLeast: 0.8,
        }),
      ],
    };
  },
};

async function logMany(file, task) {
  const contestant = new Contestant(file, task);
  try {
    const { lines, wallMs, cpuMicros } = await contestant.told();
    return { perCpuSecond: (lines * 1_000_000) / cpuMicros, linesPerSecond: (lines * 1_000) / wallMs };
  } finally {
    await contestant.end();
  }
}
