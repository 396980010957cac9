// The runtime's own queue. `form`: push (fire and forget), push-sync, submit (results are kept), submit-awaited (each one is
// waited for), held-push, held-submit.
import { measureBurst, measureHeld } from './bursts.mjs';
import { task } from './measured.mjs';

const { InMemoryTaskQueue } = await import(
  process.env.PLBA_BENCH_DIST ?? new URL('../../dist/index.js', import.meta.url).href
);

const bounds = { concurrency: 4, capacity: 10_000_000, overflow: 'reject' };

if (task.form.startsWith('held')) {
  const queue = new InMemoryTaskQueue(bounds, () => new Promise(() => undefined));
  await measureHeld((item) => (task.form === 'held-submit' ? queue.submit(item) : queue.push(item)));
} else if (task.form.startsWith('submit')) {
  const queue = new InMemoryTaskQueue(bounds, async (item) => item);
  await measureBurst(async (amount) => {
    const results = new Array(amount);
    for (let index = 0; index < amount; index++) results[index] = queue.submit(index);
    await (task.form === 'submit' ? queue.drain() : Promise.all(results));
    return results;
  });
} else {
  const queue = new InMemoryTaskQueue(bounds, task.form === 'push-sync' ? (item) => item : async (item) => item);
  await measureBurst(async (amount) => {
    for (let index = 0; index < amount; index++) void queue.push(index);
    await queue.drain();
  });
}
