import { attempt, type Attempt } from '../time/within.js';

/** Whose work it is. */
export interface WatchedWorkOwner {
  /** Whether the worker is up: its work has no reason to end. */
  readonly isLive: boolean;
  /** Whether the worker was told to give up: then its work may fail. */
  readonly isAborted: boolean;
  fail(error: unknown): void;
  /** It has ended by itself, unless it says at once that it has completed. */
  endUnlessSaid(how: string): void;
}

/** Work of one life of a worker that is to go on until it is told to stop. That it ends before is never missed. */
export class WatchedWork {
  private readonly works = new Set<Promise<unknown>>();
  /** The first error that nobody else has heard of. */
  private failure: Extract<Attempt, { ok: false }> | undefined;

  constructor(private readonly owner: WatchedWorkOwner) {}

  /** Whether any of it still goes on. */
  get isOpen(): boolean {
    return this.works.size > 0;
  }

  add(work: PromiseLike<unknown>): void {
    const end = attempt(() => work).then((how) => {
      this.works.delete(end);
      this.hasEnded(how);
    });
    this.works.add(end);
  }

  /** Resolves when all of it has ended. Rejects when some of it has failed since the worker was told to stop. */
  async ended(): Promise<void> {
    while (this.isOpen) await Promise.all(this.works);
    if (this.failure !== undefined) throw this.failure.error;
  }

  private hasEnded(how: Attempt): void {
    const { owner } = this;
    if (owner.isLive) {
      if (how.ok) owner.endUnlessSaid('the work that it has watched over is over');
      else owner.fail(how.error);
    } else if (!how.ok && !owner.isAborted) this.failure ??= how;
  }
}
