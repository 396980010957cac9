import type { Health } from '../contracts/health.js';
import type { Outcome } from '../contracts/outcome.js';
import type { RunContext, RunRecord } from '../contracts/run.js';
import type { ErrorClass, RunLoop, SteerableWorker, Worker, WorkerContext, WorkerStatus } from '../contracts/worker.js';
import { PlbaError } from '../errors.js';

/** What stands for another worker says by this whether {@link speaksByItsRuns} holds for that one. */
export const standsForOneByItsRuns = Symbol('plba.standsForOneByItsRuns');

/** Whether all that the worker says about its health is what its runs come to. */
export function speaksByItsRuns(worker: Worker): boolean {
  const standIn = worker as { readonly [standsForOneByItsRuns]?: boolean };
  return standIn[standsForOneByItsRuns] ?? worker.health === RoutineWorker.prototype.health;
}

/** The health of a worker that has not been started; or it is up, and its own `start()` has kept that to itself. */
const startless: Health = Object.freeze({
  status: 'unhealthy',
  reason: 'nothing runs: start() of RoutineWorker has not been called',
});

/**
 * A worker whose work is done in runs: the trigger says when, {@link run} says what. It orchestrates; the business is in
 * the routine that it is given.
 *
 * Takes no constructor arguments, so a subclass is free to have its own injected; and keeps what it knows to itself, so a
 * subclass is free in the names of its fields.
 */
export abstract class RoutineWorker implements SteerableWorker {
  #context: WorkerContext | undefined;
  #loop: RunLoop | undefined;
  #state: 'created' | 'running' | 'paused' | 'stopped' = 'created';

  /** One run. Returning nothing is `worked()`; a throw goes through {@link classify}. Let it end when `context.signal` aborts. */
  // eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- a run that returns nothing has worked
  protected abstract run(context: RunContext): Promise<Outcome | void>;

  /** What an error that {@link run} threw means. Default: `failed`. Override it where the application knows better. */
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- for those who override it
  protected classify(error: unknown): ErrorClass {
    return 'failed';
  }

  /**
   * Gets ready for runs; the first one comes after it. A subclass that overrides it calls it when it is ready itself: one that never
   * does has no runs, and is unhealthy.
   */
  start(context: WorkerContext): void | Promise<void> {
    this.#context = context;
    this.#loop = context.drive(
      (run) => this.run(run),
      (error) => this.classify(error),
    );
    this.#state = 'running';
  }

  /** Resolves when the run in progress has ended; `force` aborts it. A subclass that overrides it calls it first. */
  stop(force?: boolean): void | Promise<void> {
    this.#state = 'stopped';
    return this.#loop?.stop(force);
  }

  /** Health as the worker's policy judges its runs. */
  health(): Health {
    return this.#context?.runHealth() ?? startless;
  }

  /** `created`, `running`, `paused` or `stopped`. A subclass may add `details`. */
  status(): WorkerStatus {
    return { state: this.#state };
  }

  pause(): void {
    this.#loop?.pause();
    if (this.#state === 'running') this.#state = 'paused';
  }

  resume(): void {
    this.#loop?.resume();
    if (this.#state === 'paused') this.#state = 'running';
  }

  runNow(): Promise<RunRecord> {
    if (this.#loop !== undefined) return this.#loop.runNow();
    return Promise.reject(
      new PlbaError('WORKER_CONFLICT', 'the worker has not been started', { hint: 'start it first' }),
    );
  }
}
