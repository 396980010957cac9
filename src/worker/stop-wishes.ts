import { LazyAbort } from '../time/lazy-abort.js';

/** The stops of a worker that are wanted and have not been carried out yet. They break off what would hold them up. */
export class StopWishes {
  private wanted = 0;
  private forced = 0;
  private breakOff: LazyAbort | undefined;
  private hurry: LazyAbort | undefined;

  /** A stop is wanted, by force or not. Answers how to say that it has been carried out. */
  add(force: boolean): () => void {
    this.wanted++;
    this.breakOff?.abort();
    if (force) {
      this.forced++;
      this.hurry?.abort();
    }
    return () => {
      this.wanted--;
      if (force) this.forced--;
    };
  }

  /** Does what any stop breaks off, such as to come up. One at a time; `breakOff` aborts when a stop is or gets wanted. */
  async breakable<T>(work: (breakOff: LazyAbort) => Promise<T>): Promise<T> {
    const controller = (this.breakOff = new LazyAbort());
    if (this.wanted > 0) controller.abort();
    try {
      return await work(controller);
    } finally {
      this.breakOff = undefined;
    }
  }

  /** Does what a stop by force hurries, such as to drain. One at a time; `hurry` aborts when one is or gets wanted. */
  async hurriable<T>(work: (hurry: LazyAbort) => Promise<T>): Promise<T> {
    const controller = (this.hurry = new LazyAbort());
    if (this.forced > 0) controller.abort();
    try {
      return await work(controller);
    } finally {
      this.hurry = undefined;
    }
  }
}
