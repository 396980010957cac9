// The runtime: a module with idle workers and health contributors, its control plane on a port.
import { idlePeriodMs, task, tellReady } from './measured.mjs';

const { ApplicationModule, RoutineWorker, createApplication, every, healthContributor, idle, runApplication, worker } =
  await import(process.env.PLBA_BENCH_DIST ?? new URL('../../dist/index.js', import.meta.url).href);

function workerClass(index) {
  class IdleWorker extends RoutineWorker {
    async run() {
      return idle();
    }
  }
  worker({ name: `worker-${index}`, trigger: every(idlePeriodMs) })(IdleWorker);
  return IdleWorker;
}

function contributorClass(index) {
  class Contributor {
    async check() {
      return 'ok';
    }
  }
  healthContributor({ name: `contributor-${index}` })(Contributor);
  return Contributor;
}

class BenchModule extends ApplicationModule {
  name = 'bench';
  assemble(module) {
    for (let index = 0; index < task.workers; index++) module.worker(workerClass(index));
    for (let index = 0; index < task.contributors; index++) module.healthContributor(contributorClass(index));
  }
}

const token = task.form === 'token' ? { token: 'sesame' } : {};
const options = { config: { plba: { control: { port: task.port, ...token } } } };
if (task.form === 'process') {
  void runApplication(BenchModule, options);
} else {
  await createApplication(BenchModule, options).start();
  tellReady();
}
