import { Contestant } from '../lib/contestant.mjs';
import { inTurns } from '../lib/statistics.mjs';
import { figure, table } from '../lib/table.mjs';

/** The heap of a run that is kept. The figures of docs/observability.md come from here. */
export const ledger = {
  name: 'ledger',
  title: 'Heap of one run in the ledger',
  async measure({ isQuick, progress }) {
    const amount = isQuick ? 5_000 : 20_000;
    const figures = await inTurns(
      [
        { name: 'that has logged nothing', measure: () => heapOf({ amount }) },
        { name: 'that has failed, with its error', measure: () => heapOf({ amount, form: 'failed' }) },
        // Fewer than the application keeps lines of.
        {
          name: 'that has logged 40 KiB, of which 8 are kept',
          measure: () => heapOf({ amount: 1_000, form: 'lines' }),
        },
      ],
      3,
      progress,
    );
    return [...figures].map(([name, medians]) => ({ name, ...medians }));
  },
  present(results) {
    const rows = results.map(({ name, bytes, spread }) => [name, figure(bytes), `${Math.round(spread * 100)}%`]);
    return { text: table(['a run', 'bytes', 'spread'], rows), goals: [] };
  },
};

async function heapOf(task) {
  const contestant = new Contestant('plba-ledger.mjs', task, ['--expose-gc']);
  try {
    return await contestant.told();
  } finally {
    await contestant.end();
  }
}
