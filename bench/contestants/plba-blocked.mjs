// The runtime with probes on a thread, and a run that blocks the event loop for `amount` milliseconds at a time, again and again.
import { task, tell } from './measured.mjs';

const { ApplicationModule, RoutineWorker, createApplication, every, worker } = await import(
  process.env.PLBA_BENCH_DIST ?? new URL('../../dist/index.js', import.meta.url).href
);

class Blocker extends RoutineWorker {
  run() {
    for (const until = performance.now() + task.amount; performance.now() < until;);
  }
}
worker({ name: 'blocker', trigger: every('100ms', { immediately: true }) })(Blocker);

class BenchModule extends ApplicationModule {
  name = 'bench';
  assemble(module) {
    module.worker(Blocker);
  }
}
const probes = task.form === 'thread' ? { probes: `thread:127.0.0.1:${task.port}` } : {};
const control = { port: task.form === 'thread' ? 0 : task.port, socket: false, ...probes };
const application = createApplication(BenchModule, { config: { plba: { control } } });
await application.start();
tell({ event: 'ready' });
