import type { Clock } from '../../contracts/clock.js';
import type { Health, HealthContributor } from '../../contracts/health.js';
import type { Logger } from '../../contracts/logger.js';
import type { RunContext, RunRecord } from '../../contracts/run.js';
import type {
  ErrorClass,
  RunLoop,
  RunWork,
  SteerableWorker,
  Worker,
  WorkerContext,
  WorkerStatus,
} from '../../contracts/worker.js';
import type { EffectiveWorkerOptions } from '../../contracts/worker-options.js';
import { speaksByItsRuns, standsForOneByItsRuns } from '../../worker/routine-worker.js';
import { isSteerable } from '../../worker/steerable.js';
import type { FaultBoard } from './fault-board.js';

/** What a run of a worker under test is given in the place of its own context. */
export type AdaptRun = (run: RunContext) => RunContext;

/** The worker with the faults of a test in its way. Where there are none, calls go straight through. */
export function probeWorker(worker: Worker, name: string, faults: FaultBoard, adaptRun?: AdaptRun): Worker {
  return isSteerable(worker)
    ? new ProbedSteerableWorker(worker, name, faults, adaptRun)
    : new ProbedWorker(worker, name, faults, adaptRun);
}

/** The health contributor with the faults of a test in its way. */
export function probeContributor(contributor: HealthContributor, name: string, faults: FaultBoard): HealthContributor {
  return { check: (signal) => faults.answerOf(name) ?? contributor.check(signal) };
}

class ProbedWorker<T extends Worker> implements Worker {
  readonly [standsForOneByItsRuns]: boolean;

  constructor(
    protected readonly inner: T,
    private readonly name: string,
    private readonly faults: FaultBoard,
    private readonly adaptRun: AdaptRun | undefined,
  ) {
    this[standsForOneByItsRuns] = speaksByItsRuns(inner);
  }

  start(context: WorkerContext): void | Promise<void> {
    const { inner, name, faults, adaptRun } = this;
    faults.begins(name, context);
    const probed = new ProbedContext(context, faults, adaptRun);
    const met = faults.meet(name, 'start');
    return met === undefined ? inner.start(probed) : met.then(() => inner.start(probed));
  }

  stop(force?: boolean): void | Promise<void> {
    const { inner, name, faults } = this;
    const met = faults.meet(name, 'stop');
    return met === undefined ? inner.stop(force) : met.then(() => inner.stop(force));
  }

  health(): Health | Promise<Health> {
    return this.inner.health();
  }

  status(): WorkerStatus {
    return this.inner.status();
  }
}

class ProbedSteerableWorker extends ProbedWorker<SteerableWorker> implements SteerableWorker {
  pause(): void | Promise<void> {
    return this.inner.pause();
  }

  resume(): void | Promise<void> {
    return this.inner.resume();
  }

  runNow(): Promise<RunRecord> {
    return this.inner.runNow();
  }
}

/** A worker's context in which each run meets the faults first. Passes everything else on: what it is has its own state. */
class ProbedContext implements WorkerContext {
  constructor(
    private readonly inner: WorkerContext,
    private readonly faults: FaultBoard,
    private readonly adaptRun: AdaptRun | undefined,
  ) {}

  get name(): string {
    return this.inner.name;
  }

  get options(): EffectiveWorkerOptions {
    return this.inner.options;
  }

  get clock(): Clock {
    return this.inner.clock;
  }

  get log(): Logger {
    return this.inner.log;
  }

  get signal(): AbortSignal {
    return this.inner.signal;
  }

  drive(work: RunWork, classify?: (error: unknown) => ErrorClass): RunLoop {
    return this.inner.drive(this.probe(work), classify);
  }

  run(work: RunWork): Promise<RunRecord> {
    return this.inner.run(this.probe(work));
  }

  watch(work: PromiseLike<unknown>): void {
    this.inner.watch(work);
  }

  runHealth(): Health {
    return this.inner.runHealth();
  }

  complete(): void {
    this.inner.complete();
  }

  fail(error: unknown): void {
    this.inner.fail(error);
  }

  private probe(work: RunWork): RunWork {
    const { faults, adaptRun, name } = this;
    return (run) => {
      const given = adaptRun === undefined ? run : adaptRun(run);
      const met = faults.meet(name, 'run');
      return met === undefined ? work(given) : met.then(() => work(given));
    };
  }
}
