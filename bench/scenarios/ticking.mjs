import { Contestant } from '../lib/contestant.mjs';
import { inTurns, ratio } from '../lib/statistics.mjs';
import { figure, table } from '../lib/table.mjs';

const workers = 10_000;

/** What ten thousand idle workers hold and use while they tick. */
export const ticking = {
  name: 'ticking',
  title: `${workers.toLocaleString('en-US')} idle workers that tick once a second`,
  async measure({ isQuick, progress }) {
    const seconds = isQuick ? 10 : 30;
    const figures = await inTurns(
      [
        { name: 'plba', measure: () => tick('plba-ticking.mjs', seconds) },
        { name: 'nest+schedule', measure: () => tick('nest-ticking.mjs', seconds) },
      ],
      isQuick ? 2 : 5,
      progress,
    );
    return [...figures].map(([name, medians]) => ({ name, ...medians }));
  },
  present(results) {
    const nest = results.find(({ name }) => name === 'nest+schedule');
    const rows = results.map((each) => [
      each.name,
      figure(each.rssMiB),
      figure(ratio(each, nest, 'rssMiB')),
      figure(each.microsPerTick),
      `${Math.round(each.spread * 100)}%`,
    ]);
    return {
      text: table(['contestant', 'MiB', 'of nest+schedule', 'µs of CPU a tick', 'spread'], rows),
      goals: [],
    };
  },
};

async function tick(file, seconds) {
  const contestant = new Contestant(file, { workers });
  try {
    await contestant.told();
    // The first ticks are those in which everything is made.
    await pause(3);
    const before = await contestant.used();
    await pause(seconds);
    const after = await contestant.used();
    const microsPerTick = (after.cpuMicros - before.cpuMicros) / (workers * seconds);
    return { rssMiB: after.rssBytes / 2 ** 20, microsPerTick };
  } finally {
    await contestant.end();
  }
}

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
