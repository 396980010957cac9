import type { Clock } from '../contracts/clock.js';
import type { LoggerFactory } from '../contracts/logger.js';
import { PlbaError } from '../errors.js';
import { unheard, type EventSink } from '../events/event-sink.js';
import type { TraceKeeper } from '../tracing/trace-keeper.js';
import type { RunLines } from '../logging/run-lines.js';
import { isOver } from './states.js';
import { SupervisedWorker, type Surroundings } from './supervised-worker.js';
import { WaitingList } from './waiting-list.js';
import type { WorkerEntry } from './worker-parts.js';

/** What a supervisor is made of. */
export interface SupervisorParts {
  /** In order of declaration. */
  readonly entries: readonly WorkerEntry[];
  readonly clock: Clock;
  readonly loggers: LoggerFactory;
  /** 0 to 1, for jitter. Default `Math.random`. */
  readonly random?: () => number;
  /** The beginning of the ids of one worker's runs; another one each time. Default: random. */
  readonly runIdPrefix?: () => string;
  /** No trigger makes a run happen; only an operator does. Default false. */
  readonly manual?: boolean;
  /** How long a `start()` may take that is no part of the start of the application. Default: without end. */
  readonly startTimeoutMs?: number;
  /** Takes secrets out of what leaves the process. */
  readonly scrub?: (text: string) => string;
  /** Where changes of state are told. Default: nowhere. */
  readonly events?: EventSink;
  /** Keeps what runs log. Default: it is not kept. */
  readonly lines?: RunLines;
  /** Keeps the traces of runs. Default: they are not kept. */
  readonly keeper?: TraceKeeper;
  /** Whether the health contributor of this name is ready for those who need it. */
  readonly isContributorReady: (name: string) => boolean;
  /** Names that count as not ready for those who need them, whatever they are. For tests. Default: none. */
  readonly isWithheld?: (name: string) => boolean;
}

/** Starts, restarts, stops and reports on all workers of an application. */
export class Supervisor {
  /** In order of declaration. */
  readonly workers: readonly SupervisedWorker[];
  private readonly byName: ReadonlyMap<string, SupervisedWorker>;
  private readonly listeners = new Set<(worker: SupervisedWorker) => void>();
  private readonly lostListeners = new Set<(worker: SupervisedWorker, error: PlbaError) => void>();
  /** Those who need a worker, by its name. */
  private readonly dependents = new Map<string, SupervisedWorker[]>();
  /** Those who need a health contributor. */
  private readonly needy: SupervisedWorker[] = [];
  private isStopping = false;
  private readonly waitingForWorkers = new WaitingList();
  private readonly waitingForContributors = new WaitingList();

  constructor(parts: SupervisorParts) {
    const { clock, random = Math.random, manual = false, loggers, scrub, lines, keeper, events = unheard } = parts;
    const { isContributorReady, isWithheld, runIdPrefix, startTimeoutMs = Infinity } = parts;
    const isReady = (name: string): boolean =>
      isWithheld?.(name) !== true && (this.byName.get(name)?.isReady ?? isContributorReady(name));
    const around: Surroundings = {
      clock,
      random,
      runIdPrefix,
      manual,
      startTimeoutMs,
      events,
      lines,
      keeper,
      scrub,
      logOf: (name) => loggers.logger(name).child({ worker: name }),
      unmet: (needs) => needs.filter((name) => !isReady(name)),
      change: (need, signal) =>
        (this.byName.has(need) ? this.waitingForWorkers : this.waitingForContributors).wait(need, signal),
      applicationStops: () => this.isStopping,
      onChange: (worker) => {
        if (worker.isReady) this.waitingForWorkers.wake(worker.name);
        else for (const dependent of this.dependents.get(worker.name) ?? []) dependent.needsChanged();
        for (const listener of this.listeners) listener(worker);
      },
      onLost: (worker, error) => {
        for (const listener of this.lostListeners) listener(worker, error);
      },
    };
    this.workers = parts.entries.map((entry) => new SupervisedWorker(entry, around));
    this.byName = new Map(this.workers.map((worker) => [worker.name, worker]));
    for (const worker of this.workers) this.noteNeeds(worker);
  }

  private noteNeeds(worker: SupervisedWorker): void {
    const { needs } = worker;
    if (needs.some((need) => !this.byName.has(need))) this.needy.push(worker);
    for (const need of needs) {
      if (!this.byName.has(need)) continue;
      const known = this.dependents.get(need);
      if (known === undefined) this.dependents.set(need, [worker]);
      else known.push(worker);
    }
  }

  /** @throws `WORKER_UNKNOWN` */
  get(name: string): SupervisedWorker {
    const worker = this.byName.get(name);
    if (worker !== undefined) return worker;
    throw new PlbaError('WORKER_UNKNOWN', `no worker is called ${JSON.stringify(name)}`, {
      hint: `there are: ${this.workers.map((known) => known.name).join(', ') || 'none'}`,
    });
  }

  /** Undefined when no worker has this name. */
  find(name: string): SupervisedWorker | undefined {
    return this.byName.get(name);
  }

  /** Whatever must be ready for a worker, by name: what it needs, what that needs, and so on. */
  needsOf(worker: SupervisedWorker): readonly string[] {
    const found = new Set(worker.needs);
    // A set visits also what is added on the way.
    for (const name of found) for (const need of this.byName.get(name)?.needs ?? []) found.add(need);
    return [...found];
  }

  /** Whether there are workers and none of them will do anything more by itself, nor was stopped by an operator. */
  get allEnded(): boolean {
    return this.workers.length > 0 && this.workers.every(({ state }) => isOver(state) && state !== 'stopped');
  }

  /** Calls back whenever a worker is in another state or its health may be another. Answers how to end that. */
  onChange(listener: (worker: SupervisedWorker) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Calls back when a worker is lost and its policy says that the application must stop. */
  onLost(listener: (worker: SupervisedWorker, error: PlbaError) => void): () => void {
    this.lostListeners.add(listener);
    return () => this.lostListeners.delete(listener);
  }

  /** A health contributor that workers may wait for is in another state. */
  prerequisiteChanged(): void {
    this.waitingForContributors.wakeAll();
    for (const worker of this.needy) worker.needsChanged();
  }

  /** The application stops, everybody in their turn: nobody goes down before that because of somebody else. */
  applicationStops(): void {
    this.isStopping = true;
  }

  /** Anything that workers may wait for may be ready now. */
  needsChanged(): void {
    this.waitingForWorkers.wakeAll();
    this.waitingForContributors.wakeAll();
  }
}
