// One worker that runs continuously: what the runtime adds to each run. Logging at level info; no tracer, or an SDK that records all.
import { cpuMicros, task, tell } from './measured.mjs';

const exported = task.form === 'traced' ? (await import('./always-on.mjs')).registerSdk() : () => 0;
const { ApplicationModule, RoutineWorker, createApplication, continuously, worker, worked } = await import(
  process.env.PLBA_BENCH_DIST ?? new URL('../../dist/index.js', import.meta.url).href
);

const warmUp = task.amount / 5;
const total = task.amount + warmUp;
const outcome = worked();
let runs = 0;
let before = 0;
let after = 0;

class Runner extends RoutineWorker {
  async run() {
    runs++;
    if (runs === warmUp) before = cpuMicros();
    if (runs === total) after = cpuMicros();
    return outcome;
  }
}
worker({ name: 'runner', trigger: continuously(), until: { runs: total } })(Runner);

class BenchModule extends ApplicationModule {
  name = 'bench';
  assemble(module) {
    module.worker(Runner);
  }
}

const application = createApplication(BenchModule, {
  config: { plba: { control: { enabled: false }, logging: { level: 'info' } } },
});
await application.start();
await application.ended;
tell({ runs: runs - warmUp, cpuMicros: after - before, exported: exported() });
