// What a run costs that is kept in the ledger: the heap with so many of them, above the heap without.
import { task, tell } from './measured.mjs';

const { ApplicationModule, RoutineWorker, createApplication, every, worker } = await import(
  process.env.PLBA_BENCH_DIST ?? new URL('../../dist/index.js', import.meta.url).href
);

const line = 'x'.repeat(400);

class Kept extends RoutineWorker {
  async run({ log }) {
    if (task.form === 'failed') throw new Error('the partner does not answer');
    if (task.form === 'lines') for (let each = 0; each < 100; each++) log.info({ each }, line);
  }
}
// The first run is there before anything is measured.
worker({ name: 'kept', trigger: every('24h'), ledger: task.amount + 1, retry: { initial: '24h', max: '24h' } })(Kept);

class BenchModule extends ApplicationModule {
  name = 'bench';
  assemble(module) {
    module.worker(Kept);
  }
}

const application = createApplication(BenchModule, {
  config: { plba: { control: { enabled: false } } },
  logDestination: { write: () => undefined },
});
await application.start();

async function run(times) {
  for (let each = 0; each < times; each++) await application.operator.act('kept', 'run', { who: 'bench' });
  await new Promise(setImmediate);
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

const before = await run(1);
const after = await run(task.amount);
tell({ bytes: (after - before) / task.amount });
process.exit(0);
