import { formatDuration } from '../time/duration.js';
import { attempt, within } from '../time/within.js';
import { isSteerable } from './steerable.js';
import type { WorkerCourse } from './worker-course.js';
import type { WorkerParts } from './worker-parts.js';

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
    if (isSteerable(worker)) await this.steer('pause', () => worker.pause());
    else await this.stopToHold();
    standing.pause(by, reason);
  }

  /** Lets the work go on. Rejects when that takes a start which does not come up. */
  async end(): Promise<void> {
    const { worker, executor, standing } = this.parts;
    if (!isSteerable(worker)) return this.course.comeUp();
    executor.beginAnew();
    await this.steer('resume', () => worker.resume());
    standing.enter('resume');
  }

  // It may answer with a promise. A stop does not wait for that.
  private async steer(action: 'pause' | 'resume', call: () => void | Promise<void>): Promise<void> {
    const answer = call();
    if (answer === undefined) return;
    const { clock, options, standing, stops } = this.parts;
    const { drainMs } = options.stop;
    await stops.breakable(async (breakOff) => {
      const done = attempt(() => answer);
      const end = await within(clock, drainMs, done, breakOff);
      if (end?.ok === true) return;
      if (end !== undefined) throw end.error;
      const isLate = `it has not done so within ${formatDuration(drainMs)}`;
      throw standing.conflict(action, breakOff.aborted ? 'it was stopped meanwhile' : isLate);
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
