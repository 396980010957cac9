import type { Clock, Timer } from '../contracts/clock.js';
import type { Logger } from '../contracts/logger.js';
import type { Worker } from '../contracts/worker.js';
import { PlbaError } from '../errors.js';
import type { WorkerEnd } from './decide-restart.js';
import type { OperationQueue } from './operation-queue.js';
import { RestartHistory } from './restart-history.js';
import { errorOf, type StopBudget } from './stop-ladder.js';
import type { StopWishes } from './stop-wishes.js';
import { SupervisedContext, type ContextParts } from './supervised-context.js';
import { WorkerLife, type Leftover, type LifeEnd } from './worker-life.js';
import type { WorkerStanding } from './worker-standing.js';

/** What the course of a worker's lives depends on. */
export interface CourseParts extends ContextParts {
  readonly worker: Worker;
  readonly module: string;
  readonly standing: WorkerStanding;
  readonly operations: OperationQueue;
  readonly stops: StopWishes;
  /** Those of `needs` that are not ready. */
  readonly unmet: (needs: readonly string[]) => readonly string[];
  /** Resolves when `need` may be ready, or when `signal` aborts. */
  readonly change: (need: string, signal: AbortSignal) => Promise<void>;
  /** Restarting is over and the policy says that the application must stop. */
  readonly onLost: (error: PlbaError) => void;
}

/**
 * The lives of a worker, one after the other: how it comes up, how it goes down, and what follows when it ends by itself.
 * Each method is one operation of the worker's queue, or a part of one.
 */
export class WorkerCourse {
  /** From the moment `start()` is called until nothing is left open. */
  private life: WorkerLife | undefined;
  /** What a life has left open. Nothing can be started on top of it. */
  private leftOpen: string | undefined;
  private pendingRestart: Timer | undefined;
  private readonly history: RestartHistory;
  private readonly clock: Clock;
  private readonly log: Logger;

  constructor(private readonly parts: CourseParts) {
    this.history = new RestartHistory(parts.options.restart, parts.random);
    this.clock = parts.clock;
    this.log = parts.log;
  }

  /** How often the worker was started again by its supervisor. */
  get restarts(): number {
    return this.history.count;
  }

  /** Whether the worker was started and not everything of that has ended. */
  get isUp(): boolean {
    return this.life !== undefined;
  }

  /** What a life has left open, as long as it is. */
  get open(): string | undefined {
    return this.leftOpen;
  }

  /** When the trigger makes the next run happen, if it is known. */
  nextRun(): Date | undefined {
    return this.life?.context.nextRun();
  }

  /** Starts it once what it needs is ready. When its `start()` fails it is `failed`. */
  comeUp(): Promise<void> {
    return this.start({
      onStart: () => undefined,
      onFailed: (error) => {
        this.parts.standing.fail(error);
      },
    });
  }

  /** Makes the restart happen that is pending. When its `start()` fails, the restart policy says what follows. */
  comeUpAgain(): Promise<void> {
    this.callOffRestart();
    return this.start({
      // Only now: waiting for needs burns no restarts.
      onStart: () => {
        this.history.add(this.clock.monotonic());
      },
      onFailed: (error) => {
        this.follow('failed', error);
      },
    });
  }

  /** A restart that is pending will not happen. */
  callOffRestart(): void {
    this.pendingRestart?.cancel();
    this.pendingRestart = undefined;
  }

  /** Takes the stop ladder with a worker that {@link isUp}. It is `stopping` then, and the caller says what for. */
  async goDown(budget: StopBudget): Promise<LifeEnd> {
    const { life } = this;
    const { standing, stops, executor, options } = this.parts;
    if (life === undefined) throw new TypeError(`worker "${options.name}" is not up`);
    standing.enter('stop');
    const end = await stops.hurriable((hurry) => life.end(budget, hurry));
    this.life = undefined;
    executor.close();
    if (end.kind === 'abandoned') this.leaveOpen(end);
    else if (end.kind === 'aborted' && end.leftover !== undefined) this.leaveOpen(end.leftover);
    const error = errorOf(end);
    if (error !== undefined) this.log.error({ err: error }, `worker "${options.name}" threw while it stopped`);
    return end;
  }

  private async start(on: { onStart: () => void; onFailed: (error: PlbaError) => void }): Promise<void> {
    const { standing, stops } = this.parts;
    if (this.leftOpen !== undefined) throw standing.conflict('start', `it has left something open: ${this.leftOpen}`);
    await stops.breakable(async (breakOff) => {
      await this.waitForNeeds(breakOff);
      if (breakOff.aborted) throw this.brokenOff();
      on.onStart();
      const life = this.beginLife();
      const started = await life.start(breakOff);
      if (started === 'broken-off') throw this.brokenOff();
      if (started.ok) {
        standing.enter('ready');
        return;
      }
      await this.cleanUp(life);
      const error = this.startFailed(started.error);
      on.onFailed(error);
      throw error;
    });
  }

  private async waitForNeeds(breakOff: AbortSignal): Promise<void> {
    const { standing, options, unmet, change } = this.parts;
    while (!breakOff.aborted) {
      const missing = unmet(options.needs);
      const [need] = missing;
      if (need === undefined) return;
      standing.wait(missing);
      await change(need, breakOff);
    }
  }

  private beginLife(): WorkerLife {
    const { worker, executor, standing } = this.parts;
    executor.beginAnew();
    const context = new SupervisedContext(this.parts, (end, error) => {
      this.onEnd(life, end, error);
    });
    const life = new WorkerLife(context, worker, this.clock);
    this.life = life;
    standing.enter('start');
    return life;
  }

  private async cleanUp(life: WorkerLife): Promise<void> {
    const { executor, options } = this.parts;
    const end = await life.cleanUp(options.stop.abortMs);
    this.life = undefined;
    executor.close();
    if (end.kind === 'abandoned') this.leaveOpen(end);
  }

  /** The worker says that it has ended. */
  private onEnd(life: WorkerLife, end: WorkerEnd, error: unknown): void {
    const { operations, options } = this.parts;
    void operations.add(async () => {
      if (life !== this.life) return;
      const { drainMs, abortMs } = options.stop;
      await this.goDown({ drainMs: end === 'completed' ? drainMs : 0, abortMs });
      this.follow(end, error);
    });
  }

  /** It has ended by itself, and nothing of it is up: restart, escalate or leave it, as the policy says. */
  private follow(end: WorkerEnd, error: unknown): void {
    const { options, standing } = this.parts;
    const { name } = options;
    if (this.leftOpen !== undefined) {
      this.escalate(end, error, `it has left something open: ${this.leftOpen}`);
      return;
    }
    const decision = this.history.decide(end, this.clock.monotonic());
    switch (decision.kind) {
      case 'leave':
        this.log.info(`worker "${name}" has completed`);
        standing.enter('complete');
        return;
      case 'restart':
        this.log.warn(
          { err: error, inMs: Math.round(decision.afterMs) },
          `worker "${name}" has ${end === 'completed' ? 'completed' : 'failed'} and will be started again`,
        );
        this.planRestart(decision.afterMs);
        standing.backOff(end === 'completed' ? undefined : error);
        return;
      case 'escalate':
        this.escalate(end, error, decision.reason);
    }
  }

  private planRestart(afterMs: number): void {
    const { operations, standing } = this.parts;
    this.pendingRestart = this.clock.setTimer(afterMs, () => {
      const restart = async (): Promise<void> => {
        if (standing.state === 'backing-off') await this.comeUpAgain();
      };
      // Its failure has been followed up when it rejects, or else a stop has broken it off.
      operations.add(restart).catch(() => undefined);
    });
  }

  private escalate(end: WorkerEnd, cause: unknown, reason: string): void {
    const { options, standing, onLost } = this.parts;
    const { then } = options.restart;
    const code = end === 'fatal' ? 'WORKER_FATAL' : 'WORKER_LOST';
    const lost = new PlbaError(code, `worker "${options.name}" is lost: ${reason}`, { cause });
    this.log.error({ err: lost, then }, lost.message);
    standing.fail(lost);
    if (then === 'stop-application') onLost(lost);
  }

  private leaveOpen({ open, ending }: Leftover): void {
    this.leftOpen = open;
    void ending.then(() => {
      this.leftOpen = undefined;
    });
  }

  private startFailed(cause: unknown): PlbaError {
    const { options, module } = this.parts;
    return new PlbaError('WORKER_START_FAILED', `worker "${options.name}" of module "${module}" did not start`, {
      cause,
    });
  }

  private brokenOff(): PlbaError {
    return new PlbaError('START_ABORTED', `worker "${this.parts.options.name}" was stopped while it started`);
  }
}
