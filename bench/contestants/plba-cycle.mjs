// An application with many idle workers that is started and stopped once: what that takes, without loading the code for it.
import { cpuMicros, idlePeriodMs, task, tell } from './measured.mjs';

const { ApplicationModule, RoutineWorker, createApplication, every, idle, worker } = await import(
  process.env.PLBA_BENCH_DIST ?? new URL('../../dist/index.js', import.meta.url).href
);

function workerClass(index) {
  class IdleWorker extends RoutineWorker {
    async run() {
      return idle();
    }
  }
  const needs = task.form === 'chain' && index > 0 ? [`worker-${index - 1}`] : [];
  worker({ name: `worker-${index}`, trigger: every(idlePeriodMs), needs })(IdleWorker);
  return IdleWorker;
}

function moduleOf(workers) {
  const classes = Array.from({ length: workers }, (_, index) => workerClass(index));
  return class extends ApplicationModule {
    name = 'bench';
    assemble(module) {
      for (const each of classes) module.worker(each);
    }
  };
}

/** Starts and stops, and answers what either took. */
async function cycle(workers) {
  const application = createApplication(moduleOf(workers), {
    config: { plba: { control: { enabled: false } } },
    logDestination: { write: () => undefined },
  });
  const marks = [[performance.now(), cpuMicros()]];
  await application.start();
  marks.push([performance.now(), cpuMicros()]);
  const { exitCode } = await application.stop();
  marks.push([performance.now(), cpuMicros()]);
  if (exitCode !== 0) throw new Error(`the stop ended with exit code ${exitCode}`);
  const [began, up, ended] = marks;
  return {
    tookMs: ended[0] - began[0],
    startMs: up[0] - began[0],
    stopMs: ended[0] - up[0],
    cpuMs: (ended[1] - began[1]) / 1_000,
  };
}

await cycle(1); // modules that are loaded when they are first needed are there
tell(await cycle(task.workers));
process.exit(0);
