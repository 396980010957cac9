import { Contestant } from '../lib/contestant.mjs';
import { inTurns, ratio } from '../lib/statistics.mjs';
import { figure, goal, table } from '../lib/table.mjs';

const few = 1_000;
const many = 10_000;
const shapes = [
  { shape: 'side by side', form: '' },
  { shape: 'in a chain of needs', form: 'chain' },
];
const contestants = shapes.flatMap(({ shape, form }) =>
  [few, many].map((workers) => ({ name: `${workers.toLocaleString('en-US')} ${shape}`, shape, form, workers })),
);

/** One start and one stop of an application, with a thousand workers and with ten times as many. */
export const cycle = {
  name: 'cycle',
  title: 'One start and one stop of an application with N idle workers, in a process that has loaded its code',
  async measure({ isQuick, progress }) {
    const figures = await inTurns(
      contestants.map(({ name, form, workers }) => ({ name, measure: () => startAndStop(form, workers) })),
      isQuick ? 3 : 9,
      progress,
    );
    return contestants.map((each) => ({ ...each, ...figures.get(each.name) }));
  },
  present(results) {
    const fewOf = ({ shape }) => results.find((each) => each.shape === shape && each.workers === few);
    const rows = results.map((each) => [
      each.name,
      figure(each.tookMs),
      figure(each.startMs),
      figure(each.stopMs),
      figure(each.cpuMs),
      figure(ratio(each, fewOf(each), 'tookMs')),
      `${Math.round(each.spread * 100)}%`,
    ]);
    const goals = results
      .filter(({ workers }) => workers === many)
      .map((each) =>
        goal({
          what: `start and stop of 10,000 workers ${each.shape}, of 1,000`,
          value: ratio(each, fewOf(each), 'tookMs'),
          atMost: 12,
        }),
      );
    const heads = ['workers', 'both, ms', 'start, ms', 'stop, ms', 'CPU, ms', 'of 1,000', 'spread'];
    return { text: table(heads, rows), goals };
  },
};

async function startAndStop(form, workers) {
  const contestant = new Contestant('plba-cycle.mjs', { workers, form });
  try {
    return await contestant.told();
  } finally {
    await contestant.end();
  }
}
