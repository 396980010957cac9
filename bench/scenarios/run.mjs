import { Contestant } from '../lib/contestant.mjs';
import { inTurns, ratio } from '../lib/statistics.mjs';
import { figure, goal, table } from '../lib/table.mjs';

/** CPU of one supervised run against one turn of a bare loop. */
export const run = {
  name: 'run',
  title: 'One supervised run of an async function that does nothing: no tracer, logging at level info',
  async measure({ isQuick, progress }) {
    const figures = await inTurns(
      [
        { name: 'plba', measure: () => runMany('plba-runs.mjs', isQuick ? 500_000 : 2_000_000) },
        { name: 'bare await', measure: () => runMany('bare-loop.mjs', isQuick ? 5_000_000 : 20_000_000) },
      ],
      isQuick ? 5 : 9,
      progress,
    );
    return [...figures].map(([name, medians]) => ({ name, ...medians }));
  },
  present(results) {
    const bare = results.find(({ name }) => name === 'bare await');
    const rows = results.map((each) => [
      each.name,
      figure(each.nanos),
      figure(each.nanos - bare.nanos),
      figure(ratio(each, bare, 'nanos')),
      `${Math.round(each.spread * 100)}%`,
    ]);
    const addedNanos = results.find(({ name }) => name === 'plba').nanos - bare.nanos;
    return {
      text: table(['contestant', 'ns of CPU a run', 'added', 'of bare await', 'spread'], rows),
      goals: [goal({ what: 'CPU that supervision adds to a run', value: addedNanos, atMost: 300, unit: ' ns' })],
    };
  },
};

async function runMany(file, amount) {
  const contestant = new Contestant(file, { amount });
  try {
    const { runs, cpuMicros } = await contestant.told();
    return { nanos: (cpuMicros * 1_000) / runs };
  } finally {
    await contestant.end();
  }
}
