import type { Health } from '../contracts/health.js';
import type { Outcome } from '../contracts/outcome.js';
import type { RunContext, RunRecord } from '../contracts/run.js';
import type { ErrorClass, RunLoop, SteerableWorker, WorkerContext, WorkerStatus } from '../contracts/worker.js';
import { PlbaError } from '../errors.js';

/**
 * A worker whose work is done in runs: the trigger says when, {@link run} says what. It orchestrates; the business is in
 * the routine that it is given.
 *
 * Takes no constructor arguments, so a subclass is free to have its own injected.
 */
export abstract class RoutineWorker implements SteerableWorker {
  private context: WorkerContext | undefined;
  private loop: RunLoop | undefined;

  /** One run. Returning nothing is `worked()`; a throw goes through {@link classify}. Let it end when `context.signal` aborts. */
  // eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- a run that returns nothing has worked
  protected abstract run(context: RunContext): Promise<Outcome | void>;

  /** What an error that {@link run} threw means. Default: `failed`. Override it where the application knows better. */
  protected classify(error: unknown): ErrorClass {
    void error;
    return 'failed';
  }

  start(context: WorkerContext): void | Promise<void> {
    this.context = context;
    this.loop = context.drive(
      (run) => this.run(run),
      (error) => this.classify(error),
    );
  }

  stop(force?: boolean): void | Promise<void> {
    return this.loop?.stop(force);
  }

  health(): Health {
    return this.context?.runHealth() ?? { status: 'ok' };
  }

  status(): WorkerStatus {
    return { state: this.loop === undefined ? 'created' : 'running' };
  }

  pause(): void {
    this.loop?.pause();
  }

  resume(): void {
    this.loop?.resume();
  }

  runNow(): Promise<RunRecord> {
    return this.loop?.runNow() ?? Promise.reject(new PlbaError('WORKER_CONFLICT', 'the worker has not been started'));
  }
}
