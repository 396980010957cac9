const nothing = Promise.resolve();
const ignore = (): void => undefined;

/** One operation after another, in the order in which they were accepted. */
export class OperationQueue {
  private last: Promise<unknown> = nothing;

  /** Does `operation` when all before it have ended, however they ended. Gives what it gives. */
  add<T>(operation: () => Promise<T>): Promise<T> {
    const result = this.last.then(operation);
    this.last = result.then(ignore, ignore);
    return result;
  }
}
