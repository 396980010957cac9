// What is measured of a queue: the CPU of a burst of tasks, and the heap that queued tasks hold.
import { cpuMicros, task, tell } from './measured.mjs';

/** @param burst hands over so many tasks at once, and resolves when all have ended */
export async function measureBurst(burst) {
  await burst(task.amount / 10);
  globalThis.gc?.();
  const before = cpuMicros();
  await burst(task.amount);
  tell({ nanos: ((cpuMicros() - before) * 1_000) / task.amount });
}

/** @param hold queues a task that never begins, and gives whatever the caller has to keep */
export async function measureHeld(hold) {
  // The first ones begin; and whatever is made once is made now.
  for (let index = 0; index < 1_000; index++) hold(index);
  await new Promise((resolve) => setImmediate(resolve));
  const kept = new Array(task.amount);
  for (let index = 0; index < task.amount; index++) kept[index] = undefined;
  const before = await heapBytes();
  for (let index = 0; index < task.amount; index++) kept[index] = hold(index);
  const after = await heapBytes();
  tell({ bytes: (after - before) / task.amount });
  // Keeps it all alive up to here.
  return kept.length;
}

async function heapBytes() {
  for (let round = 0; round < 3; round++) {
    globalThis.gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}
