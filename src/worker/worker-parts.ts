import type { Clock } from '../contracts/clock.js';
import type { Logger } from '../contracts/logger.js';
import type { Worker } from '../contracts/worker.js';
import type { EffectiveWorkerOptions } from '../contracts/worker-options.js';
import type { PlbaError } from '../errors.js';
import type { EventSink } from '../events/event-sink.js';
import type { RunLines } from '../logging/run-lines.js';
import type { Abortable } from '../time/lazy-abort.js';
import type { CronFires } from './cron-fires.js';
import type { TraceKeeper } from '../tracing/trace-keeper.js';
import { OperationQueue } from './operation-queue.js';
import { RunExecutor } from './run-executor.js';
import { StopWishes } from './stop-wishes.js';
import { WorkerStanding } from './worker-standing.js';

/** A worker of the application, resolved and ready to be started. */
export interface WorkerEntry {
  readonly worker: Worker;
  readonly options: EffectiveWorkerOptions;
  /** The module that brought it. */
  readonly module: string;
  /** The compiled calendar of a `cron` trigger. */
  readonly fires?: CronFires | undefined;
}

/** What is the same for all workers of an application. */
export interface CommonParts {
  readonly clock: Clock;
  /** 0 to 1, for jitter. */
  readonly random: () => number;
  /** No trigger makes a run happen; only an operator does. */
  readonly manual: boolean;
  /** How long a `start()` may take that is no part of the start of the application. */
  readonly startTimeoutMs: number;
  /** Where changes of state are told. */
  readonly events: EventSink;
  /** Takes secrets out of what leaves the process. */
  readonly scrub?: ((text: string) => string) | undefined;
  /** Keeps what runs log. */
  readonly lines?: RunLines | undefined;
  /** The beginning of the ids of one worker's runs; another one each time. Default: random. */
  readonly runIdPrefix?: (() => string) | undefined;
  /** Keeps the traces of runs. */
  readonly keeper?: TraceKeeper | undefined;
  /** Makes the logger of the worker called so. */
  readonly logOf: (name: string) => Logger;
  /** Those of `needs` that are not ready. */
  readonly unmet: (needs: readonly string[]) => readonly string[];
  /** Resolves when `need` may be ready, or when `signal` aborts. */
  readonly change: (need: string, signal: Abortable) => Promise<void>;
  /** Whether the application goes down: then nobody gives way to somebody else any more, nor is started. */
  readonly applicationStops: () => boolean;
}

/**
 * What a worker under supervision consists of, shared by those who work on it. There may be ten thousand: what is the same
 * for all of them is kept once, and what few of them need is made when it is asked for.
 */
export class WorkerParts {
  readonly worker: Worker;
  readonly options: EffectiveWorkerOptions;
  readonly module: string;
  fires: CronFires | undefined;
  readonly operations = new OperationQueue();
  readonly stops = new StopWishes();
  readonly standing: WorkerStanding;
  readonly executor: RunExecutor;
  private lazyLog: Logger | undefined;

  /**
   * @param onChange the worker is in another state, or its health may be another
   * @param onLost restarting is over and the policy says that the application must stop
   */
  constructor(
    entry: WorkerEntry,
    private readonly common: CommonParts,
    readonly onChange: () => void,
    readonly onLost: (error: PlbaError) => void,
  ) {
    this.worker = entry.worker;
    this.options = entry.options;
    this.module = entry.module;
    this.fires = entry.fires;
    this.standing = new WorkerStanding(entry.options.name, common.clock, common.events, onChange);
    this.executor = new RunExecutor(this, onChange);
  }

  get clock(): Clock {
    return this.common.clock;
  }

  get runIdPrefix(): (() => string) | undefined {
    return this.common.runIdPrefix;
  }

  get random(): () => number {
    return this.common.random;
  }

  get manual(): boolean {
    return this.common.manual;
  }

  get startTimeoutMs(): number {
    return this.common.startTimeoutMs;
  }

  get scrub(): ((text: string) => string) | undefined {
    return this.common.scrub;
  }

  get events(): EventSink {
    return this.common.events;
  }

  get keeper(): TraceKeeper | undefined {
    return this.common.keeper;
  }

  get lines(): RunLines | undefined {
    return this.common.lines;
  }

  /** The worker's own logger. */
  get log(): Logger {
    return (this.lazyLog ??= this.common.logOf(this.options.name));
  }

  unmet(needs: readonly string[]): readonly string[] {
    return this.common.unmet(needs);
  }

  applicationStops(): boolean {
    return this.common.applicationStops();
  }

  change(need: string, signal: Abortable): Promise<void> {
    return this.common.change(need, signal);
  }
}
