import { Contestant } from '../lib/contestant.mjs';
import { inTurns, ratio } from '../lib/statistics.mjs';
import { figure, table } from '../lib/table.mjs';

const amount = 1_000;

/** CPU of loading a large configuration. */
export const configuration = {
  name: 'configuration',
  title: `Loading a YAML file of ${amount} keys into a class with validators: CPU of the first time and of a further one`,
  async measure({ isQuick, progress }) {
    const figures = await inTurns(
      [
        { name: 'plba', measure: () => load('load-plba.mjs') },
        { name: 'by hand', measure: () => load('load-by-hand.mjs') },
      ],
      isQuick ? 3 : 7,
      progress,
    );
    return [...figures].map(([name, medians]) => ({ name, ...medians }));
  },
  present(results) {
    const byHand = results.find(({ name }) => name === 'by hand');
    const rows = results.map((each) => [
      each.name,
      figure(each.againMs),
      figure(ratio(each, byHand, 'againMs')),
      figure(each.firstMs),
      `${Math.round(each.spread * 100)}%`,
    ]);
    return { text: table(['contestant', 'again, ms', 'of by hand', 'first, ms', 'spread'], rows), goals: [] };
  },
};

async function load(file) {
  const contestant = new Contestant(file, { amount });
  try {
    const { firstMicros, againMicros } = await contestant.told();
    return { againMs: againMicros / 1_000, firstMs: firstMicros / 1_000 };
  } finally {
    await contestant.end();
  }
}
