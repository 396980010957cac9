import type { Clock } from '../contracts/clock.js';
import type { WorkerStateCause } from '../contracts/events.js';
import type { Logger } from '../contracts/logger.js';
import type { PlbaError } from '../errors.js';
import type { Abortable } from '../time/lazy-abort.js';
import type { WorkerEnd } from './decide-restart.js';
import { errorOf, type StopBudget } from './stop-ladder.js';
import { startBrokenOff, startFailed, startTimedOut } from './start-errors.js';
import { SupervisedContext } from './supervised-context.js';
import { whyUndriven } from './undriven.js';
import { WorkerAftermath } from './worker-aftermath.js';
import { WorkerLife, type Leftover, type LifeEnd } from './worker-life.js';
import type { WorkerParts } from './worker-parts.js';

/** What a start comes from: the order of somebody, the restart policy, or that what it needs is ready again. */
type StartCause = 'order' | 'restart' | 'need';

/**
 * The lives of a worker, one after the other: how it comes up, how it goes down, and what follows when it ends by itself.
 * Each method is one operation of the worker's queue, or a part of one.
 */
export class WorkerCourse {
  /** From the moment `start()` is called until nothing is left open. */
  private life: WorkerLife | undefined;
  /** What a life has left open. Nothing can be started on top of it. */
  private leftOpen: string | undefined;
  /** There as soon as the worker has ended by itself. */
  private lazyAftermath: WorkerAftermath | undefined;

  constructor(private readonly parts: WorkerParts) {}

  /** How often the worker was started again by its supervisor. */
  get restarts(): number {
    return this.lazyAftermath?.restarts ?? 0;
  }

  /** The same since it was created, whatever was forgotten. */
  get restartsInAll(): number {
    return this.lazyAftermath?.restartsInAll ?? 0;
  }

  /** Restarts so far do not count any more. */
  forgetRestarts(): void {
    this.lazyAftermath?.forgetRestarts();
  }

  /** Whether the worker was started and not everything of that has ended. */
  get isUp(): boolean {
    return this.life !== undefined;
  }

  /** What a life has left open, as long as it is. */
  get open(): string | undefined {
    return this.leftOpen;
  }

  /** Whether the worker has its runs driven by its trigger. */
  get isDriven(): boolean {
    return this.life?.context.isDriven === true;
  }

  /** When the trigger makes the next run happen, if it is known. */
  nextRun(): Date | undefined {
    return this.life?.context.nextRun();
  }

  /** What its trigger wants counts from now on. */
  triggerChanged(): void {
    this.life?.context.triggerChanged();
  }

  /** Starts it once what it needs is ready. When its `start()` fails it is `failed`. */
  comeUp(): Promise<void> {
    return this.start('order');
  }

  /** Makes the restart happen that is pending. When its `start()` fails, the restart policy says what follows. */
  comeUpAgain(): Promise<void> {
    this.callOffRestart();
    return this.start('restart');
  }

  /**
   * Something that it needs is not ready any more: it goes down, and comes up by itself when that is over. That is neither a
   * failure nor a restart; only when its `start()` fails then, the restart policy says what follows.
   */
  async giveWay(): Promise<void> {
    const { standing, options } = this.parts;
    const missing = this.parts.unmet(options.needs);
    if (missing.length === 0 || this.parts.applicationStops()) return;
    this.log.warn({ needs: missing }, `worker "${options.name}" waits: ${missing.join(', ')} is not ready any more`);
    const end = await this.goDown(options.stop, 'need');
    if (end.kind === 'abandoned') {
      this.aftermath.escalate('failed', undefined, `it has left something open: ${end.open}`);
      return;
    }
    standing.wait(missing);
    await this.start('need');
  }

  /** A restart that is pending will not happen. */
  callOffRestart(): void {
    this.lazyAftermath?.callOffRestart();
  }

  /** Takes the stop ladder with a worker that {@link isUp}. It is `stopping` then, and the caller says what for. */
  async goDown(budget: StopBudget, why: WorkerStateCause | 'completed' = 'order'): Promise<LifeEnd> {
    const { life } = this;
    const { standing, stops, executor, options } = this.parts;
    if (life === undefined) throw new TypeError(`worker "${options.name}" is not up`);
    if (why === 'completed') standing.wrapUp();
    else standing.enter('stop', why);
    const end = await stops.hurriable((hurry) => life.end(budget, hurry));
    this.life = undefined;
    executor.close();
    if (end.kind === 'abandoned') this.leaveOpen(end);
    else if (end.kind === 'aborted' && end.leftover !== undefined) this.leaveOpen(end.leftover);
    const error = errorOf(end);
    if (error !== undefined) this.log.error({ err: error }, `worker "${options.name}" threw while it stopped`);
    return end;
  }

  private get aftermath(): WorkerAftermath {
    return (this.lazyAftermath ??= new WorkerAftermath(this.parts, this));
  }

  private get clock(): Clock {
    return this.parts.clock;
  }

  private get log(): Logger {
    return this.parts.log;
  }

  private async start(cause: StartCause): Promise<void> {
    const { standing, stops, options, startTimeoutMs } = this.parts;
    // The first start is a part of the application's own, which has this limit for all of them together.
    const limitMs = standing.state === 'created' ? Infinity : startTimeoutMs;
    if (this.leftOpen !== undefined) throw standing.conflict('start', `it has left something open: ${this.leftOpen}`);
    await stops.breakable(async (breakOff) => {
      const hasWaited = options.needs.length > 0 && (await this.waitForNeeds(breakOff, cause));
      if (breakOff.aborted) throw startBrokenOff(options.name);
      // Only now: waiting for needs burns no restarts.
      if (cause === 'restart') this.aftermath.countRestart();
      const why = hasWaited ? 'need' : cause;
      const life = this.beginLife(why);
      const started = await life.start(limitMs, breakOff);
      if (started === 'broken-off') throw startBrokenOff(options.name);
      let error: PlbaError;
      if (started === 'timed-out') {
        error = startTimedOut(options.name, limitMs);
        await this.goDown({ ...options.stop, drainMs: 0 }, 'end');
      } else if (started.ok) {
        standing.enter('ready', why);
        const { isDriven, isLive } = life.context;
        const undriven = isDriven || !isLive ? undefined : whyUndriven(this.parts);
        if (undriven !== undefined) this.log.warn(undriven);
        return;
      } else {
        error = startFailed(options.name, this.parts.module, started.error);
        await this.cleanUp(life);
      }
      if (cause === 'order') {
        this.log.error({ err: error }, error.message);
        standing.fail(error);
      } else this.aftermath.follow('failed', error);
      throw error;
    });
  }

  /** Answers whether it had to wait. */
  private async waitForNeeds(breakOff: Abortable, cause: StartCause): Promise<boolean> {
    const { parts } = this;
    // Why it has given way has been said.
    let isSaid = cause === 'need';
    for (let hasWaited = false; ; hasWaited = true) {
      if (breakOff.aborted) return hasWaited;
      const missing = parts.unmet(parts.options.needs);
      const [need] = missing;
      if (need === undefined) return hasWaited;
      if (!isSaid) this.log.info({ needs: missing }, `worker "${parts.options.name}" waits for ${missing.join(', ')}`);
      isSaid = true;
      parts.standing.wait(missing);
      await parts.change(need, breakOff);
    }
  }

  private beginLife(why: WorkerStateCause): WorkerLife {
    const { worker, executor, standing } = this.parts;
    executor.standing.beginAnew();
    const context = new SupervisedContext(this.parts, (end, error) => {
      this.onEnd(life, end, error);
    });
    const life = new WorkerLife(context, worker, this.clock);
    this.life = life;
    standing.enter('start', why);
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
      if (end === 'completed') await this.goDown(options.stop, 'completed');
      else await this.goDown({ ...options.stop, drainMs: 0 }, 'end');
      this.aftermath.follow(end, error);
    });
  }

  private leaveOpen({ open, ending }: Leftover): void {
    this.leftOpen = open;
    void ending.then(() => {
      this.leftOpen = undefined;
    });
  }
}
