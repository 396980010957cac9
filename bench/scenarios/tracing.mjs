import { Contestant } from '../lib/contestant.mjs';
import { inTurns, ratio } from '../lib/statistics.mjs';
import { figure, goal, table } from '../lib/table.mjs';

const likeARun = 'SDK, span with the attributes of a run';

/** CPU of one supervised run that is traced, against what the SDK costs by itself. */
export const tracing = {
  name: 'tracing',
  title:
    'One run that an OpenTelemetry SDK records (always on, batch processor), against one active span of the SDK alone',
  async measure({ isQuick, progress }) {
    const amount = isQuick ? 100_000 : 300_000;
    const figures = await inTurns(
      [
        { name: 'plba', measure: () => runMany('plba-runs.mjs', { amount, form: 'traced' }) },
        { name: likeARun, measure: () => runMany('bare-spans.mjs', { amount, form: 'attributes' }) },
        { name: 'SDK, span without attributes', measure: () => runMany('bare-spans.mjs', { amount }) },
      ],
      isQuick ? 5 : 9,
      progress,
    );
    return [...figures].map(([name, medians]) => ({ name, ...medians }));
  },
  present(results) {
    const sdk = results.find(({ name }) => name === likeARun);
    const rows = results.map((each) => [
      each.name,
      figure(each.nanos),
      figure(ratio(each, sdk, 'nanos')),
      `${Math.round(each.exported * 100)}%`,
      `${Math.round(each.spread * 100)}%`,
    ]);
    const plba = results.find(({ name }) => name === 'plba');
    return {
      text: table(['contestant', 'ns of CPU a run', 'of the SDK', 'exported', 'spread'], rows),
      goals: [goal({ what: 'CPU of a traced run, of an active span', value: ratio(plba, sdk, 'nanos'), atMost: 1.15 })],
    };
  },
};

async function runMany(file, task) {
  const contestant = new Contestant(file, task);
  try {
    const { runs, cpuMicros, exported } = await contestant.told();
    // What is dropped costs less: the parts that have been exported are to be alike.
    return { nanos: (cpuMicros * 1_000) / runs, exported: exported / (runs * 1.2) };
  } finally {
    await contestant.end();
  }
}
