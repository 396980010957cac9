// fastq. `form`: callback, promise (results are kept), promise-awaited (each one is waited for), held-callback, held-promise.
import fastq from 'fastq';
import { measureBurst, measureHeld } from './bursts.mjs';
import { task } from './measured.mjs';

const concurrency = 4;

if (task.form === 'held-callback') {
  const queue = fastq(() => undefined, concurrency);
  const done = () => undefined;
  await measureHeld((item) => queue.push(item, done));
} else if (task.form === 'held-promise') {
  const queue = fastq.promise(() => new Promise(() => undefined), concurrency);
  await measureHeld((item) => queue.push(item));
} else if (task.form === 'callback') {
  // Later, but as soon as can be: done at once, each task would begin inside the end of the one before.
  const later = Promise.resolve();
  const queue = fastq((item, done) => void later.then(done), concurrency);
  await measureBurst(
    (amount) =>
      new Promise((resolve) => {
        let left = amount;
        const done = () => {
          if (--left === 0) resolve();
        };
        for (let index = 0; index < amount; index++) queue.push(index, done);
      }),
  );
} else {
  const queue = fastq.promise(async (item) => item, concurrency);
  await measureBurst(async (amount) => {
    const results = new Array(amount);
    for (let index = 0; index < amount; index++) results[index] = queue.push(index);
    await (task.form === 'promise' ? queue.drained() : Promise.all(results));
    return results;
  });
}
