import type { Clock, Timer } from '../contracts/clock.js';
import type { Health } from '../contracts/health.js';
import type { Logger } from '../contracts/logger.js';
import type { WorkerAction } from '../contracts/reports.js';
import type { RunRecord } from '../contracts/run.js';
import type { StopResult, WorkerStopReport } from '../contracts/stop-report.js';
import type { SteerableWorker, Worker, WorkerState } from '../contracts/worker.js';
import type { EffectiveWorkerOptions } from '../contracts/worker-options.js';
import { PlbaError } from '../errors.js';
import { summarizeError } from '../plain/error-summary.js';
import type { ErrorSummary } from '../contracts/error-summary.js';
import { attempt, within } from '../time/within.js';
import type { CronFires } from './cron-fires.js';
import { decideRestart, type WorkerEnd } from './decide-restart.js';
import { RunExecutor } from './run-executor.js';
import { healthOfState, isPossible, nextState, type WorkerEvent } from './states.js';
import { descendStopLadder, type StopBudget } from './stop-ladder.js';
import { SupervisedContext } from './supervised-context.js';

/** A worker of the application, resolved and ready to be started. */
export interface WorkerEntry {
  readonly worker: Worker;
  readonly options: EffectiveWorkerOptions;
  /** The module that brought it. */
  readonly module: string;
  /** The compiled calendar of a `cron` trigger. */
  readonly fires?: CronFires;
}

/** What a supervised worker asks of those around it. */
export interface Surroundings {
  readonly clock: Clock;
  readonly random: () => number;
  readonly manual: boolean;
  readonly log: Logger;
  /** Takes secrets out of what leaves the process. */
  readonly scrub?: ((text: string) => string) | undefined;
  /** Those of `needs` that are not ready. */
  unmet(needs: readonly string[]): readonly string[];
  /** Resolves when the answer of {@link unmet} may have changed, or when `signal` aborts. */
  change(signal: AbortSignal): Promise<void>;
  /** The worker is in another state, or its health may be another. */
  onChange(worker: SupervisedWorker): void;
  /** Restarting is over and the policy says that the application must stop. */
  onLost(worker: SupervisedWorker, error: PlbaError): void;
}

/**
 * The life of one worker: its state, and every operation on it. Operations are serialised, so start and stop never overlap;
 * a stop breaks off a start or a backoff that is under way instead of queueing behind it.
 */
export class SupervisedWorker {
  readonly worker: Worker;
  readonly name: string;
  readonly module: string;
  readonly options: EffectiveWorkerOptions;
  readonly executor: RunExecutor;

  state: WorkerState = 'created';
  since: Date;
  /** How often the supervisor has started it again. */
  restarts = 0;
  error: ErrorSummary | undefined;
  waitingFor: readonly string[] = [];
  pausedBy: string | undefined;

  private context: SupervisedContext | undefined;
  /** The operation accepted last; the next one begins when it has ended. */
  private tail: Promise<unknown> = Promise.resolve();
  private restartTimer: Timer | undefined;
  private restartedAtMs: readonly number[] = [];
  /** Breaks off waiting and a start under way, because a stop is wanted. */
  private interrupt = new AbortController();
  /** Breaks off draining, because whoever stops has lost patience. */
  private hurry = new AbortController();
  private stopsWanted = 0;
  /** What an abandoned start or stop has left open. Nothing can be started on top of it. */
  private leftOpen: string | undefined;

  constructor(
    private readonly entry: WorkerEntry,
    private readonly around: Surroundings,
  ) {
    this.worker = entry.worker;
    this.options = entry.options;
    this.name = entry.options.name;
    this.module = entry.module;
    this.since = new Date(around.clock.now());
    const onVerdict = (): void => {
      around.onChange(this);
    };
    this.executor = new RunExecutor(entry.options, around.clock, around.log, onVerdict, around.scrub);
  }

  /** Whether those who need this worker may start: it runs or, if its work is done once, has done it. */
  get isReady(): boolean {
    if (this.options.trigger.kind === 'once' && this.isSteerable()) return this.state === 'completed';
    return this.state === 'running' || this.state === 'paused' || this.state === 'completed';
  }

  /** Starts it, once what it needs is ready; nothing happens when it is up. Rejects when it does not come up. */
  start(): Promise<void> {
    return this.enqueue(async () => {
      if (this.state === 'running' || this.state === 'paused') return;
      this.restartTimer?.cancel();
      try {
        await this.bringUp();
      } catch (error) {
        if (this.isStarting()) this.failFor(error);
        throw error;
      }
    });
  }

  /** Takes the stop ladder. Never rejects; the report says how it went. `force` begins at abort. */
  stop(budget: StopBudget, force = false): Promise<WorkerStopReport> {
    this.stopsWanted++;
    this.interrupt.abort(new PlbaError('START_ABORTED', `worker "${this.name}" was stopped while it started`));
    if (force) this.hurry.abort();
    return this.enqueue(async () => {
      try {
        return await this.takeDown(budget);
      } finally {
        if (--this.stopsWanted === 0) {
          this.interrupt = new AbortController();
          this.hurry = new AbortController();
        }
      }
    });
  }

  /** Stops and starts it. */
  async restart(budget: StopBudget, force = false): Promise<void> {
    await this.stop(budget, force);
    await this.start();
  }

  /**
   * Holds the work; `by` is shown for as long as that lasts. A worker that cannot be held is stopped, and started again on
   * {@link resume}.
   */
  async pause(by: string): Promise<void> {
    this.demand('pause');
    await this.enqueue(async () => {
      this.demand('pause');
      if (this.state === 'paused') return;
      if (this.isSteerable()) this.worker.pause();
      else if (!(await this.drainForPause())) throw this.conflict('pause', 'it does not stop its work in time');
      this.executor.dueMs = undefined;
      this.pausedBy = by;
      this.enter('pause');
    });
  }

  /** Goes on after {@link pause}. */
  async resume(): Promise<void> {
    this.demand('resume');
    await this.enqueue(async () => {
      this.demand('resume');
      if (this.state === 'running') return;
      if (this.isSteerable()) this.worker.resume();
      else if (this.context !== undefined) await this.startAgain(this.context);
      this.pausedBy = undefined;
      this.enter('resume');
    });
  }

  /** Does one run, also while paused, and gives its record once it has ended. */
  async runNow(): Promise<RunRecord> {
    this.demand('run');
    if (!this.isSteerable()) throw this.conflict('run', 'it decides by itself when to run');
    return this.worker.runNow();
  }

  /** Health as the worker says it while it runs, and as its state says it otherwise. */
  health(): Health | Promise<Health> {
    const facts = { waitingFor: this.waitingFor, pausedBy: this.pausedBy, error: this.error?.message };
    return healthOfState(this.state, facts) ?? this.worker.health();
  }

  /** Whether it makes progress, from what the platform itself sees: what the group `live` is about. */
  liveness(): Health {
    const { current } = this.executor;
    const { stuckAfterMs } = this.options.health;
    if (current === undefined || stuckAfterMs === undefined) return { status: 'ok' };
    if (this.around.clock.monotonic() - current.aliveMs <= stuckAfterMs) return { status: 'ok' };
    return { status: 'unhealthy', reason: `run ${current.runId} is stuck` };
  }

  /** When the trigger makes the next run happen, if it is known. */
  nextRun(): Date | undefined {
    return this.state === 'running' ? this.context?.nextRun() : undefined;
  }

  /** What the worker's own `status()` adds to what the platform knows. */
  details(): Readonly<Record<string, unknown>> | undefined {
    try {
      return this.worker.status().details;
    } catch (error) {
      return { error: `status() threw: ${summarizeError(error).message}` };
    }
  }

  private async bringUp(): Promise<void> {
    if (this.leftOpen !== undefined)
      throw this.conflict('start', `its earlier life has left something open: ${this.leftOpen}`);
    const interrupt = this.interrupt.signal;
    await this.waitForNeeds(interrupt);
    if (interrupt.aborted) throw interrupt.reason as PlbaError;
    this.executor.beginLife();
    const context = new SupervisedContext({ ...this.entry, ...this.around, executor: this.executor }, (end, error) => {
      this.onEnd(context, end, error);
    });
    this.context = context;
    this.error = undefined;
    this.enter('start');
    const starting = attempt(() => this.worker.start(context));
    const started = await within(this.around.clock, Infinity, starting, interrupt);
    if (started === undefined) return this.breakOffStart(context, starting, interrupt.reason as PlbaError);
    if (started.ok) return this.enter('ready');
    context.close();
    throw this.startError(started.error);
  }

  private async waitForNeeds(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.waitingFor = this.around.unmet(this.options.needs);
      if (this.waitingFor.length === 0) return;
      if (this.state !== 'waiting') this.enter('wait');
      await this.around.change(signal);
    }
  }

  // Start and stop never overlap: a start that is broken off is told by its signal, and the stop waits for it as long as the
  // worker's stop budget allows.
  private async breakOffStart(
    context: SupervisedContext,
    starting: Promise<{ ok: boolean }>,
    reason: PlbaError,
  ): Promise<never> {
    context.abort(reason);
    const { drainMs, abortMs } = this.options.stop;
    const started = await within(this.around.clock, drainMs + abortMs, starting);
    if (started?.ok === true) {
      this.enter('ready');
      throw reason;
    }
    context.close();
    if (started === undefined) this.leaveOpen('start() has not returned', starting);
    this.failFor(reason);
    throw reason;
  }

  private async takeDown(budget: StopBudget): Promise<WorkerStopReport> {
    this.restartTimer?.cancel();
    const beganMs = this.around.clock.monotonic();
    const report = (result: StopResult, more: Partial<WorkerStopReport> = {}): WorkerStopReport => ({
      worker: this.name,
      result,
      durationMs: Math.round(this.around.clock.monotonic() - beganMs),
      ...more,
    });
    if (this.leftOpen !== undefined) return report('abandoned', { open: this.leftOpen });
    if (this.state === 'completed') return report('completed');
    if (this.state === 'stopped') return report('not-started');
    if (this.state !== 'running' && this.state !== 'paused') {
      const { error } = this;
      this.enter('stop');
      return error === undefined ? report('not-started') : report('failed', { error });
    }
    return this.descend(budget, report);
  }

  private async descend(
    budget: StopBudget,
    report: (result: StopResult, more?: Partial<WorkerStopReport>) => WorkerStopReport,
  ): Promise<WorkerStopReport> {
    const { clock, log } = this.around;
    const { context } = this;
    this.enter('stop');
    context?.close();
    const aborting = new PlbaError('RUN_ABORTED', `worker "${this.name}" stops and its work must end`);
    const end = await descendStopLadder(clock, this.worker, budget, () => context?.abort(aborting), this.hurry.signal);
    this.executor.close();
    this.pausedBy = undefined;
    if (end.kind === 'abandoned') {
      const { current } = this.executor;
      const open = current === undefined ? 'stop() has not returned' : `run ${current.runId}`;
      this.leaveOpen(
        open,
        attempt(() => this.worker.stop(true)),
      );
      this.failFor(new PlbaError('WORKER_LOST', `worker "${this.name}" was abandoned: ${open}`));
      return report('abandoned', { open });
    }
    this.enter('stopped');
    if (end.kind === 'failed') {
      log.error({ err: end.error }, `worker "${this.name}" threw while it stopped`);
      return report('failed', { error: summarizeError(end.error) });
    }
    if (end.drainError === undefined) return report(end.kind);
    log.error({ err: end.drainError }, `worker "${this.name}" threw while it drained, and was aborted`);
    return report(end.kind, { error: summarizeError(end.drainError) });
  }

  /** The worker ended by itself. */
  private onEnd(context: SupervisedContext, end: WorkerEnd, error: unknown): void {
    void this.enqueue(async () => {
      if (context !== this.context || !isPossible('pause', this.state)) return;
      const { clock, log } = this.around;
      const { abortMs } = this.options.stop;
      const cleaned = await within(
        clock,
        abortMs,
        attempt(() => this.worker.stop(end !== 'completed')),
        this.hurry.signal,
      );
      if (cleaned?.ok !== true)
        log.warn({ err: cleaned?.error }, `worker "${this.name}" has ended and did not clean up`);
      this.executor.close();
      this.pausedBy = undefined;
      this.follow(end, error);
    });
  }

  /** Restart, escalate or leave it, as the policy says. */
  private follow(end: WorkerEnd, error: unknown): void {
    const { clock, random, log } = this.around;
    const decision = decideRestart(this.options.restart, end, this.restartedAtMs, clock.monotonic(), random);
    switch (decision.kind) {
      case 'leave':
        log.info(`worker "${this.name}" has completed`);
        this.enter('complete');
        return;
      case 'restart':
        if (end !== 'completed') this.error = summarizeError(error);
        log.warn(
          { err: error, inMs: Math.round(decision.afterMs) },
          `worker "${this.name}" has ended and will be started again`,
        );
        this.enter('back-off');
        this.restartTimer = clock.setTimer(decision.afterMs, () => {
          void this.startAgainAfterBackoff();
        });
        return;
      case 'escalate': {
        const code = end === 'fatal' ? 'WORKER_FATAL' : 'WORKER_LOST';
        const lost = new PlbaError(code, `worker "${this.name}" is lost: ${decision.reason}`, { cause: error });
        log.error({ err: lost, then: decision.then }, lost.message);
        this.failFor(lost);
        if (decision.then === 'stop-application') this.around.onLost(this, lost);
      }
    }
  }

  private startAgainAfterBackoff(): Promise<void> {
    return this.enqueue(async () => {
      if (this.state !== 'backing-off' || this.stopsWanted > 0) return;
      this.restarts++;
      this.restartedAtMs = [...this.restartedAtMs, this.around.clock.monotonic()].slice(-this.options.restart.max - 1);
      const started = await attempt(() => this.bringUp());
      // Broken off by a stop, it is in the state that the stop left it in.
      if (!started.ok && this.isStarting()) this.follow('failed', started.error);
    });
  }

  private isStarting(): boolean {
    return this.state === 'starting';
  }

  private async drainForPause(): Promise<boolean> {
    const drained = await within(
      this.around.clock,
      this.options.stop.drainMs,
      attempt(() => this.worker.stop(false)),
    );
    return drained?.ok === true;
  }

  private async startAgain(context: SupervisedContext): Promise<void> {
    const started = await within(
      this.around.clock,
      Infinity,
      attempt(() => this.worker.start(context)),
      this.interrupt.signal,
    );
    if (started?.ok === true) return;
    const error = this.startError(started?.error ?? this.interrupt.signal.reason);
    if (started !== undefined) this.follow('failed', error);
    throw error;
  }

  private startError(cause: unknown): PlbaError {
    return new PlbaError('WORKER_START_FAILED', `worker "${this.name}" of module "${this.module}" did not start`, {
      cause,
    });
  }

  private failFor(error: unknown): void {
    this.error = summarizeError(error);
    this.enter('fail');
  }

  private leaveOpen(what: string, ending: Promise<unknown>): void {
    this.leftOpen = what;
    void ending.then(() => {
      this.leftOpen = undefined;
    });
  }

  private enqueue<T>(operation: () => Promise<T>): Promise<T> {
    const result = this.tail.then(operation);
    this.tail = result.catch(() => undefined);
    return result;
  }

  private enter(event: WorkerEvent): void {
    const next = nextState(this.state, event);
    if (next === undefined)
      throw new TypeError(`worker "${this.name}": "${event}" cannot happen in state ${this.state}`);
    this.state = next;
    this.since = new Date(this.around.clock.now());
    if (next !== 'waiting') this.waitingFor = [];
    this.around.onChange(this);
  }

  private demand(action: WorkerAction): void {
    if (!isPossible(action, this.state)) throw this.conflict(action, `it is ${this.state}`);
  }

  private conflict(action: WorkerAction, because: string): PlbaError {
    return new PlbaError('WORKER_CONFLICT', `worker "${this.name}" cannot ${action}: ${because}`, {
      hint: 'look at its state, and ask again when it allows this',
    });
  }

  private isSteerable(): this is { worker: SteerableWorker } {
    return 'runNow' in this.worker && 'pause' in this.worker && 'resume' in this.worker;
  }
}
