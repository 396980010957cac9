import type { Timer } from '../contracts/clock.js';
import { PlbaError } from '../errors.js';
import type { WorkerEnd } from './decide-restart.js';
import { RestartHistory } from './restart-history.js';
import type { WorkerParts } from './worker-parts.js';

/** Whoever can start the worker again. */
export interface Restartable {
  /** What a life of the worker has left open, as long as it is. */
  readonly open: string | undefined;
  comeUpAgain(): Promise<void>;
}

/** What follows when a worker has ended by itself: it is started again, given up, or left as it is, as its policy says. */
export class WorkerAftermath {
  private readonly history: RestartHistory;
  private pendingRestart: Timer | undefined;

  constructor(
    private readonly parts: WorkerParts,
    private readonly course: Restartable,
  ) {
    this.history = new RestartHistory(parts.options, parts.random);
  }

  /** How often the worker was started again by its supervisor. */
  get restarts(): number {
    return this.history.count;
  }

  /** The same since it was created, whatever was forgotten. */
  get restartsInAll(): number {
    return this.history.total;
  }

  /** Restarts so far do not count any more. */
  forgetRestarts(): void {
    this.history.forget();
  }

  /** The worker is started again, now. */
  countRestart(): void {
    this.history.add(this.parts.clock.monotonic());
  }

  /** A restart that is pending will not happen. */
  callOffRestart(): void {
    this.pendingRestart?.cancel();
    this.pendingRestart = undefined;
  }

  /** It has ended by itself, and nothing of it is up. */
  follow(end: WorkerEnd, error: unknown): void {
    const { options, standing, log, clock } = this.parts;
    const { name } = options;
    const { open } = this.course;
    if (open !== undefined) {
      this.escalate(end, error, `it has left something open: ${open}`);
      return;
    }
    const decision = this.history.decide(end, clock.monotonic());
    switch (decision.kind) {
      case 'leave':
        log.info(`worker "${name}" has completed`);
        standing.enter('complete', 'end');
        return;
      case 'restart':
        log.warn(
          { err: error, inMs: Math.round(decision.afterMs) },
          `worker "${name}" has ${end === 'completed' ? 'completed' : 'failed'} and will be started again`,
        );
        this.planRestart(decision.afterMs);
        standing.backOff(end === 'completed' ? undefined : { error });
        return;
      case 'escalate':
        this.escalate(end, error, decision.reason);
    }
  }

  /** Restarting is over: the policy says what becomes of the worker, and of the application. */
  escalate(end: WorkerEnd, cause: unknown, reason: string): void {
    const { options, standing, log, onLost } = this.parts;
    const { then } = options.restart;
    const code = end === 'fatal' ? 'WORKER_FATAL' : 'WORKER_LOST';
    const lost = new PlbaError(code, `worker "${options.name}" is lost: ${reason}`, { cause });
    log.error({ err: lost, then }, lost.message);
    standing.fail(lost, then === 'stop-application' ? 'loss' : 'escalation');
    if (then === 'stop-application') onLost(lost);
  }

  private planRestart(afterMs: number): void {
    const { operations, standing, clock } = this.parts;
    this.pendingRestart = clock.setTimer(afterMs, () => {
      const restart = async (): Promise<void> => {
        if (standing.state === 'backing-off') await this.course.comeUpAgain();
      };
      // Its failure has been followed up when it rejects, or else a stop has broken it off.
      operations.add(restart).catch(() => undefined);
    });
  }
}
