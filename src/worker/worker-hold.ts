import type { SteerableWorker } from '../contracts/worker.js';
import { formatDuration } from '../time/duration.js';
import { attempt, within } from '../time/within.js';
import { isSteerable } from './steerable.js';
import type { WorkerCourse } from './worker-course.js';
import type { WorkerParts } from './worker-parts.js';

/** What holds a worker's work, or lets it go on. */
type Steering = () => void | Promise<void>;

/** What each of the two may take in any case. */
const leastSteeringMs = 1_000;

/**
 * How a worker's work is held and goes on: the worker itself holds it where it can, and is stopped and started again where it
 * cannot. Each method is one operation of the worker's queue, or a part of one.
 */
export class WorkerHold {
  constructor(
    private readonly parts: WorkerParts,
    private readonly course: WorkerCourse,
  ) {}

  /**
   * Holds the work of a worker that runs; `by` and the reason are shown for as long as that lasts.
   * @throws `WORKER_CONFLICT` when it cannot be held in the time that it may take to drain, or does not stop
   */
  async begin(by: string, reason: string | undefined): Promise<void> {
    const { worker, standing } = this.parts;
    if (isSteerable(worker)) {
      await this.steer(
        'pause',
        () => worker.pause(),
        () => this.letGo(worker),
      );
    } else await this.stopToHold();
    standing.pause(by, reason);
  }

  /**
   * Lets the work go on. Rejects when that takes a start which does not come up.
   * @throws `WORKER_CONFLICT` when it does not go on in the time that it may take to drain: it is held as before
   */
  async end(): Promise<void> {
    const { worker, standing } = this.parts;
    if (!isSteerable(worker)) return this.course.comeUp();
    await this.steer(
      'resume',
      () => this.letGo(worker),
      () => worker.pause(),
    );
    standing.enter('resume');
  }

  private letGo(worker: SteerableWorker): void | Promise<void> {
    this.parts.executor.standing.beginAnew();
    return worker.resume();
  }

  // It may answer with a promise. A stop does not wait for that. What goes wrong is undone: nobody is to be held whom nobody
  // can let go, as the state says that it is not held.
  private async steer(action: 'pause' | 'resume', call: Steering, undo: Steering): Promise<void> {
    const { clock, options, standing, stops } = this.parts;
    const limitMs = Math.max(options.stop.drainMs, leastSteeringMs);
    const fail = (error: unknown): never => {
      // What comes of it is nothing that anybody could act on.
      void attempt(undo);
      throw error;
    };
    let answer: void | Promise<void>;
    try {
      answer = call();
    } catch (error) {
      return fail(error);
    }
    if (answer === undefined) return;
    const done = attempt(() => answer);
    await stops.breakable(async (breakOff) => {
      const end = await within(clock, limitMs, done, breakOff);
      if (end?.ok === true) return;
      if (breakOff.aborted) throw standing.conflict(action, 'it was stopped meanwhile');
      const { changes } = standing;
      // What comes late has done it after all.
      void done.then(() => (standing.changes === changes ? attempt(undo) : undefined));
      if (end !== undefined) fail(end.error);
      fail(standing.conflict(action, `it has not done so within ${formatDuration(limitMs)}`));
    });
  }

  private async stopToHold(): Promise<void> {
    const { options, standing } = this.parts;
    const end = await this.course.goDown(options.stop);
    if (end.kind !== 'abandoned') return;
    standing.abandon(end.open);
    throw standing.conflict('pause', `it does not stop: ${end.open}`);
  }
}
