// The runtime with a worker that has `amount` runs a second, each of which begins and ends: two events.
import { task, tellReady } from './measured.mjs';

const { ApplicationModule, RoutineWorker, createApplication, every, idle, worker } = await import(
  process.env.PLBA_BENCH_DIST ?? new URL('../../dist/index.js', import.meta.url).href
);

class Busy extends RoutineWorker {
  async run() {
    return idle();
  }
}
worker({ name: 'busy', trigger: every(1_000 / task.amount) })(Busy);

class BenchModule extends ApplicationModule {
  name = 'bench';
  assemble(module) {
    module.worker(Busy);
  }
}
await createApplication(BenchModule, {
  config: { plba: { control: { port: task.port, socket: false }, logging: { level: 'warn' } } },
}).start();
tellReady();
