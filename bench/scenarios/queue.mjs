import { Contestant } from '../lib/contestant.mjs';
import { inTurns, ratio } from '../lib/statistics.mjs';
import { figure, goal, table } from '../lib/table.mjs';

const amount = 1_000_000;

const contestants = [
  { name: 'plba push', file: 'plba-queue.mjs', form: 'push', held: 'held-push' },
  { name: 'plba push, work not async', file: 'plba-queue.mjs', form: 'push-sync' },
  { name: 'fastq callback', file: 'fastq.mjs', form: 'callback', held: 'held-callback' },
  { name: 'plba submit', file: 'plba-queue.mjs', form: 'submit', held: 'held-submit' },
  { name: 'fastq promise', file: 'fastq.mjs', form: 'promise', held: 'held-promise' },
  { name: 'plba submit, each awaited', file: 'plba-queue.mjs', form: 'submit-awaited' },
  { name: 'fastq promise, each awaited', file: 'fastq.mjs', form: 'promise-awaited' },
];

/** CPU of a task in a burst, and the heap that a queued task holds. */
export const queue = {
  name: 'queue',
  title: `A burst of ${amount.toLocaleString('en-US')} tasks that do nothing, 4 at a time; and the heap of a queued task`,
  async measure({ isQuick, progress }) {
    const speeds = await inTurns(
      contestants.map(({ name, file, form }) => ({ name, measure: () => told(file, form) })),
      isQuick ? 2 : 5,
      progress,
    );
    const sizes = await inTurns(
      contestants
        .filter(({ held }) => held !== undefined)
        .map(({ name, file, held }) => ({ name, measure: () => told(file, held) })),
      isQuick ? 1 : 3,
      (what) => progress(`heap: ${what}`),
    );
    return [...speeds].map(([name, medians]) => ({ name, ...medians, bytes: sizes.get(name)?.bytes }));
  },
  present(results) {
    const at = (name) => results.find((each) => each.name === name);
    const times = (name, other) => ratio(at(other), at(name), 'nanos');
    const rows = results.map(({ name, nanos, bytes, spread }) => [
      name,
      figure(nanos),
      figure(times(name, 'fastq callback')),
      figure(times(name, 'fastq promise')),
      figure(times(name, 'fastq promise, each awaited')),
      figure(bytes),
      `${Math.round(spread * 100)}%`,
    ]);
    const heads = [
      'contestant',
      'ns of CPU a task',
      'times fastq callback',
      'times fastq promise',
      'the same, awaited',
      'bytes a queued task',
      'spread',
    ];
    const awaited = times('plba submit, each awaited', 'fastq promise, each awaited');
    return {
      text: table(heads, rows),
      goals: [
        goal({
          what: 'queue, results kept, times fastq promise',
          value: times('plba submit', 'fastq promise'),
          atLeast: 2,
        }),
        goal({ what: 'queue, each result awaited, times fastq promise', value: awaited, atLeast: 2 }),
        goal({ what: 'heap of a task pushed to the queue', value: at('plba push').bytes, atMost: 300, unit: ' bytes' }),
        goal({ what: 'heap of a task with a result', value: at('plba submit').bytes, atMost: 300, unit: ' bytes' }),
      ],
    };
  },
};

async function told(file, form) {
  const contestant = new Contestant(file, { amount, form }, ['--expose-gc']);
  try {
    return await contestant.told();
  } finally {
    await contestant.end();
  }
}
