import type { Duration } from '../../contracts/duration.js';
import type { Worker } from '../../contracts/worker.js';
import type { EffectiveWorkerOptions, WorkerOptions } from '../../contracts/worker-options.js';
import { PlbaError } from '../../errors.js';
import { unheard } from '../../events/event-sink.js';
import { summarizeError } from '../../plain/error-summary.js';
import { formatDuration } from '../../time/duration.js';
import { attempt, within } from '../../time/within.js';
import { compileCron } from '../../worker/cron-fires.js';
import { effectiveOptions } from '../../worker/effective-options.js';
import { getWorkerOptions } from '../../worker/metadata.js';
import { SupervisedContext } from '../../worker/supervised-context.js';
import { WorkerParts } from '../../worker/worker-parts.js';
import { moveTimeUntil } from '../move-time.js';
import { RecordingLogger } from '../recording-logger.js';
import { TestScope } from '../test-scope.js';
import { VirtualClock } from '../virtual-clock.js';

/** How a worker is put to the test. */
export interface WorkerContractOptions {
  /** Its options, over those of its `@worker()`. The name is `worker` when neither says another. */
  readonly options?: Partial<WorkerOptions>;
  /** For how long it is left to work, in virtual time. Default `'1m'`. */
  readonly for?: Duration;
}

/** A start may take as long as that of a whole application. */
const startMs = 60_000;

/** One worker on its own, in virtual time, without a supervisor: what it does is its own doing. */
export class ContractStage {
  readonly clock = new VirtualClock();
  readonly scope = new TestScope();
  readonly worker: Worker;
  readonly options: EffectiveWorkerOptions;
  private readonly worksFor: Duration;
  private parts: WorkerParts | undefined;

  constructor(make: () => Worker, { options, for: worksFor = '1m' }: WorkerContractOptions) {
    this.clock.within = (work) => this.scope.run(work);
    this.worksFor = worksFor;
    this.scope.open();
    try {
      this.worker = this.scope.run(make);
      this.options = effectiveOptions({ name: 'worker', ...getWorkerOptions(this.worker.constructor), ...options });
    } catch (error) {
      this.scope.close();
      throw error;
    }
  }

  /** Runs that have begun so far, in all its lives. */
  get runs(): number {
    const { executor } = this.parts ?? {};
    return executor === undefined ? 0 : executor.count + (executor.current === undefined ? 0 : 1);
  }

  /** The id of the run in progress. */
  get currentRun(): string | undefined {
    return this.parts?.executor.current?.runId;
  }

  /** A context for one life of the worker. */
  async context(): Promise<SupervisedContext> {
    this.parts ??= await this.makeParts();
    return new SupervisedContext(this.parts, () => undefined);
  }

  /** Starts the worker, which has to become ready. */
  async start(): Promise<SupervisedContext> {
    const context = await this.context();
    await this.demand('start()', startMs, () => this.worker.start(context));
    return context;
  }

  /** Lets the worker work. */
  work(): Promise<void> {
    return this.clock.advance(this.worksFor);
  }

  /** Tells the worker to stop, once, which has to come back within its budget. */
  stop(force: boolean): Promise<void> {
    const { drainMs, abortMs } = this.options.stop;
    return this.demand(`stop(${String(force)})`, force ? abortMs : drainMs, () => this.worker.stop(force));
  }

  /** Has the worker go down the stop ladder as far as it takes: both calls of `stop()` have to come back. */
  async stopOnLadder(context: SupervisedContext): Promise<void> {
    const { drainMs, abortMs } = this.options.stop;
    let forced: void | Promise<void>;
    const abort = this.clock.setTimer(drainMs, () => {
      context.abort(new PlbaError('RUN_ABORTED', 'the time to drain is over'));
      forced = this.worker.stop(true);
    });
    await this.demand('stop()', drainMs + abortMs, async () => {
      await this.worker.stop(false);
      abort.cancel();
      await forced;
    });
  }

  /** What `call` gives, which must neither throw nor take longer than `limitMs`. */
  async demand<T>(what: string, limitMs: number, call: () => T | Promise<T>): Promise<T> {
    const end = await this.scope.run(() => moveTimeUntil(this.clock, within(this.clock, limitMs, attempt(call))));
    if (end === undefined) throw broken(`${what} has not come back after ${formatDuration(limitMs)}`);
    if (!end.ok) throw broken(`${what} threw: ${summarizeError(end.error).message}`, end.error);
    return end.value;
  }

  /** Closes what the platform itself has open for the worker. */
  closePlatform(): void {
    this.parts?.executor.close();
  }

  /** The test is over. Whatever the worker has left is told to end, and is watched no more. */
  async strike(): Promise<void> {
    const end = (): Promise<unknown> =>
      within(
        this.clock,
        this.options.stop.abortMs,
        attempt(() => this.worker.stop(true)),
      );
    await this.scope.run(() => moveTimeUntil(this.clock, end()));
    this.scope.close();
  }

  private async makeParts(): Promise<WorkerParts> {
    const { worker, options, clock } = this;
    const { trigger, name } = options;
    const fires = trigger.kind === 'cron' ? { fires: await compileCron(trigger, `worker "${name}"`) } : {};
    const log = new RecordingLogger({ name, clock });
    const common = {
      clock,
      random: () => 0,
      manual: false,
      startTimeoutMs: Infinity,
      events: unheard,
      logOf: () => log,
      unmet: () => [],
      change: () => Promise.resolve(),
      applicationStops: () => false,
    };
    const ignore = (): void => undefined;
    return new WorkerParts({ worker, options, module: 'test', ...fires }, common, ignore, ignore);
  }
}

/** What a worker does that it must not, or does not do. */
export function broken(what: string, cause?: unknown): PlbaError {
  return new PlbaError('TEST_CONTRACT_BROKEN', what, {
    hint: 'the docstrings of Worker say what is asked of each method',
    ...(cause !== undefined && { cause }),
  });
}
