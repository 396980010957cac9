import { Contestant } from '../lib/contestant.mjs';
import { inTurns } from '../lib/statistics.mjs';
import { figure, table } from '../lib/table.mjs';

/** A long time in a test. */
export const week = {
  name: 'week',
  title: 'A week of virtual time in a test, with twenty workers on mixed triggers',
  async measure({ isQuick, progress }) {
    const contestants = [
      { name: 'the first of its process', measure: () => live('first') },
      { name: 'another one', measure: () => live('again') },
    ];
    return [...(await inTurns(contestants, isQuick ? 3 : 7, progress))].map(([name, medians]) => ({
      name,
      ...medians,
    }));
  },
  present(results) {
    const rows = results.map((each) => [
      each.name,
      figure(each.wallMs),
      figure(each.cpuMs),
      figure(each.runs),
      `${Math.round(each.spread * 100)}%`,
    ]);
    return { text: table(['a week', 'ms', 'CPU ms', 'runs', 'spread'], rows), goals: [] };
  },
};

async function live(form) {
  const contestant = new Contestant('plba-week.mjs', { form });
  try {
    return await contestant.told();
  } finally {
    await contestant.end();
  }
}
