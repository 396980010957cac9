import type { Clock } from '../contracts/clock.js';
import type { Health } from '../contracts/health.js';
import type { Logger } from '../contracts/logger.js';
import type { RunRecord } from '../contracts/run.js';
import type { ErrorClass, RunLoop, RunWork, WorkerContext } from '../contracts/worker.js';
import type { EffectiveWorkerOptions } from '../contracts/worker-options.js';
import { PlbaError } from '../errors.js';
import type { CronFires } from './cron-fires.js';
import type { WorkerEnd } from './decide-restart.js';
import type { RunExecutor } from './run-executor.js';
import { TriggeredRunLoop } from './run-loop.js';
import { createSchedule } from './schedule.js';

/** What a context is made of. */
export interface ContextParts {
  readonly options: EffectiveWorkerOptions;
  readonly fires?: CronFires;
  readonly executor: RunExecutor;
  readonly clock: Clock;
  readonly random: () => number;
  readonly manual: boolean;
  readonly log: Logger;
}

/** What a worker is given for one life, from start to stop. Whatever it says after that life is ignored. */
export class SupervisedContext implements WorkerContext {
  private readonly controller = new AbortController();
  private loop: RunLoop | undefined;
  private live = true;

  /** @param onEnd the worker says that it has ended by itself; called at most once */
  constructor(
    private readonly parts: ContextParts,
    private readonly onEnd: (end: WorkerEnd, error?: unknown) => void,
  ) {}

  get name(): string {
    return this.parts.options.name;
  }

  get options(): EffectiveWorkerOptions {
    return this.parts.options;
  }

  get clock(): Clock {
    return this.parts.clock;
  }

  get log(): Logger {
    return this.parts.log;
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  drive(work: RunWork, classify: (error: unknown) => ErrorClass = () => 'failed'): RunLoop {
    if (this.loop !== undefined) {
      throw new PlbaError('WORKER_CONFLICT', `worker "${this.name}" already drives its runs`, {
        hint: 'call drive() once for each start',
      });
    }
    const { options, fires, executor, clock, random, manual } = this.parts;
    this.loop = new TriggeredRunLoop({
      options,
      executor,
      schedule: createSchedule(options.trigger, clock, random, fires),
      clock,
      random,
      manual,
      work,
      classify,
      onComplete: () => {
        this.complete();
      },
      onFail: (error, fatal) => {
        this.end(fatal ? 'fatal' : 'failed', error);
      },
    });
    return this.loop;
  }

  async run(work: RunWork): Promise<RunRecord> {
    const { executor, clock } = this.parts;
    executor.syncClocks();
    const run = executor.begin('operator', undefined, clock.monotonic());
    if (this.signal.aborted) run.abort(this.signal.reason as PlbaError);
    try {
      const outcome = executor.end(run, await executor.invoke(work, run), clock.monotonic());
      if (outcome.kind === 'fatal') this.end('fatal', outcome.error);
    } catch (error) {
      executor.endThrown(run, error, () => 'failed', clock.monotonic());
    }
    return run.toRecord();
  }

  runHealth(): Health {
    return this.parts.executor.health();
  }

  complete(): void {
    this.end('completed');
  }

  fail(error: unknown): void {
    this.end('failed', error);
  }

  /** When the trigger makes the next run happen, if it is known. */
  nextRun(): Date | undefined {
    return this.loop?.nextRun();
  }

  /** Tells the worker, and the run in progress, to give up. */
  abort(reason: PlbaError): void {
    this.parts.executor.current?.abort(reason);
    this.controller.abort(reason);
  }

  /** Ends this life: what the worker says from now on is ignored. */
  close(): void {
    this.live = false;
  }

  private end(end: WorkerEnd, error?: unknown): void {
    if (!this.live) return;
    this.live = false;
    this.onEnd(end, error);
  }
}
