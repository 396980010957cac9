import type { Clock } from '../contracts/clock.js';
import type { Health } from '../contracts/health.js';
import type { Logger } from '../contracts/logger.js';
import type { Outcome } from '../contracts/outcome.js';
import type { RunRecord } from '../contracts/run.js';
import type { ErrorClass, RunLoop, RunWork, WorkerContext } from '../contracts/worker.js';
import type { Trigger } from '../contracts/trigger.js';
import type { EffectiveWorkerOptions } from '../contracts/worker-options.js';
import { PlbaError } from '../errors.js';
import { abortOf } from '../time/named-abort.js';
import type { WorkerEnd } from './decide-restart.js';
import { TriggeredRunLoop } from './run-loop.js';
import type { RunLoopOwner } from './run-loop-parts.js';
import { outcomeOf, outcomeOfThrow } from './run-outcome.js';
import { createSchedule, type Schedule } from './schedule.js';
import { WatchedWork } from './watched-work.js';
import type { WorkerParts } from './worker-parts.js';

const alwaysFailed = (): ErrorClass => 'failed';

/**
 * What a worker is given for one life, from start to stop. Once that life is {@link close}d, whatever the worker says is
 * ignored and no run begins any more.
 */
export class SupervisedContext implements WorkerContext, RunLoopOwner {
  private controller: AbortController | undefined;
  private loop: TriggeredRunLoop | undefined;
  /** The run that the worker itself asked for and that is in progress. */
  private ownRun: Promise<unknown> | undefined;
  private watched: WatchedWork | undefined;
  private live = true;

  /** @param onEnd the worker says that it has ended by itself; called at most once */
  constructor(
    private readonly parts: WorkerParts,
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
    return (this.controller ??= new AbortController()).signal;
  }

  drive(work: RunWork, classify: (error: unknown) => ErrorClass = alwaysFailed): RunLoop {
    if (this.loop !== undefined) {
      throw this.conflict('already drives its runs', 'call drive() once for each start');
    }
    const { options, executor, clock, random, manual } = this.parts;
    this.loop = new TriggeredRunLoop({
      options,
      executor,
      schedule: this.scheduleOf(options.trigger),
      clock,
      random,
      manual,
      work,
      classify,
      owner: this,
    });
    // A start that comes back after it was given up must not set anything in motion.
    if (!this.live) void this.loop.stop(true);
    return this.loop;
  }

  /** The trigger is another one. What it wants counts from now on. */
  triggerChanged(): void {
    const { trigger } = this.parts.options;
    // `immediately` is about the start.
    const fromNow = trigger.kind === 'every' ? { ...trigger, immediately: false } : trigger;
    if (this.live) this.loop?.follow(this.scheduleOf(fromNow));
  }

  run(work: RunWork): Promise<RunRecord> {
    if (!this.live) {
      return Promise.reject(this.conflict('takes no more runs: it stops or has ended', 'begin no run after stop()'));
    }
    const isOverlap = this.parts.executor.current !== undefined;
    const run = this.doRun(work);
    if (!isOverlap) this.ownRun = run.catch(() => undefined);
    return run;
  }

  watch(work: PromiseLike<unknown>): void {
    this.watched ??= new WatchedWork(this);
    this.watched.add(work);
  }

  runHealth(): Health {
    return this.parts.executor.standing.health();
  }

  complete(): void {
    this.end('completed');
  }

  fail(error: unknown): void {
    this.end('failed', error);
  }

  /** The worker stops its own runs, if it is not to stop: it has ended by itself. */
  stopped(): void {
    this.endUnlessSaid('it has stopped its own runs');
  }

  /** The worker seems to have ended by itself: `how`. Whoever hears of the same may still say that this is how it should be. */
  endUnlessSaid(how: string): void {
    if (!this.live) return;
    const hint = 'call context.complete() where this is as it should be';
    const ended = new PlbaError('WORKER_ENDED', `worker "${this.name}" has ended by itself: ${how}`, { hint });
    void this.clock.yield().then(() => {
      this.fail(ended);
    });
  }

  /** Whether the worker is up: neither told to stop, nor has it ended by itself. */
  get isLive(): boolean {
    return this.live;
  }

  /** Whether it was told to give up. */
  get isAborted(): boolean {
    return this.controller?.signal.aborted === true;
  }

  /** The worker has ended, by what it said or by what its runs came to. */
  end(end: WorkerEnd, error?: unknown): void {
    if (!this.live) return;
    this.live = false;
    this.onEnd(end, error);
  }

  /** Whether the worker has its runs driven by its trigger. */
  get isDriven(): boolean {
    return this.loop !== undefined;
  }

  /** When the trigger makes the next run happen, if it is known. */
  nextRun(): Date | undefined {
    return this.loop?.nextRun();
  }

  /** What goes on: a run, or what is watched over. Undefined when nothing does that the platform knows of. */
  get open(): string | undefined {
    const { current } = this.parts.executor;
    if (current !== undefined) return `run ${current.runId}`;
    return this.watched?.isOpen === true ? 'the work that it has watched over' : undefined;
  }

  /** Tells the worker, and the run in progress, to give up. */
  abort(reason: PlbaError): void {
    this.parts.executor.current?.abort(reason);
    this.controller ??= new AbortController();
    abortOf(`worker "${this.name}"`, this.controller, reason);
  }

  /** Ends this life: the worker is not listened to any more, and no run begins. */
  close(): void {
    this.live = false;
  }

  /**
   * Begins no run any more; resolves when the one in progress has ended, and what is watched over. With `force` the run is aborted.
   * Rejects when what is watched over fails before it is told to give up.
   */
  async stopRuns(force: boolean): Promise<void> {
    this.close();
    await this.loop?.stop(force);
    await this.ownRun;
    await this.watched?.ended();
  }

  private scheduleOf(trigger: Trigger): Schedule {
    const { clock, random, fires } = this.parts;
    return createSchedule(trigger, clock, random, fires);
  }

  private async doRun(work: RunWork): Promise<RunRecord> {
    const { executor, clock, options } = this.parts;
    executor.lookAround();
    const run = executor.begin(options.trigger.kind, undefined, clock.monotonic());
    let outcome: Outcome;
    try {
      outcome = outcomeOf(await executor.invoke(work, run));
    } catch (thrown) {
      outcome = outcomeOfThrow(thrown, alwaysFailed);
    }
    outcome = executor.end(run, outcome, clock.monotonic());
    if (outcome.kind === 'fatal') this.end('fatal', outcome.error);
    return run.toRecord();
  }

  private conflict(what: string, hint: string): PlbaError {
    return new PlbaError('WORKER_CONFLICT', `worker "${this.name}" ${what}`, { hint });
  }
}
