// Workers that tick once a second and find nothing to do.
import { task, tellReady } from './measured.mjs';

const { ApplicationModule, RoutineWorker, createApplication, every, idle, worker } = await import(
  process.env.PLBA_BENCH_DIST ?? new URL('../../dist/index.js', import.meta.url).href
);

function workerClass(index) {
  class IdleWorker extends RoutineWorker {
    async run() {
      return idle();
    }
  }
  worker({ name: `worker-${index}`, trigger: every('1s') })(IdleWorker);
  return IdleWorker;
}

class BenchModule extends ApplicationModule {
  name = 'bench';
  assemble(module) {
    for (let index = 0; index < task.workers; index++) module.worker(workerClass(index));
  }
}

await createApplication(BenchModule, { config: { plba: { control: { enabled: false } } } }).start();
tellReady();
