import { Task } from './task.js';

interface Deferred<R> {
  readonly promise: Promise<R>;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A task that is at the same time the promise of its result, in all but class. A real promise is made only when somebody
 * waits, so that a burst of tasks costs a fraction of as many promises.
 *
 * A task that fails while nobody waits becomes a rejected promise that nobody handles, with all that Node.js does about it.
 */
export class SubmittedTask<R> extends Task implements Promise<R> {
  /** There as soon as somebody has waited, or the task has failed. */
  #deferred: Deferred<R> | undefined = undefined;

  get [Symbol.toStringTag](): string {
    return 'SubmittedTask';
  }

  succeed(result: R): void {
    this.state = 'settled';
    // The item is done with, so its place holds the result.
    this.item = result;
    this.#deferred?.resolve(result);
  }

  fail(error: unknown): boolean {
    this.state = 'settled';
    this.item = undefined;
    this.#deferred ??= defer();
    this.#deferred.reject(error);
    return true;
  }

  then<A = R, B = never>(
    onResult?: ((result: R) => A | PromiseLike<A>) | null,
    onError?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return SubmittedTask.#promiseOf(this).then(onResult, onError);
  }

  catch<B = never>(onError?: ((error: unknown) => B | PromiseLike<B>) | null): Promise<R | B> {
    return SubmittedTask.#promiseOf(this).catch(onError);
  }

  finally(onEnd?: (() => void) | null): Promise<R> {
    return SubmittedTask.#promiseOf(this).finally(onEnd);
  }

  // A static method, since each private one of an instance would cost every task 8 bytes more.
  static #promiseOf<R>(task: SubmittedTask<R>): Promise<R> {
    if (task.#deferred === undefined) {
      if (task.state === 'settled') return Promise.resolve(task.item as R);
      task.#deferred = defer();
    }
    return task.#deferred.promise;
  }
}

function defer<R>(): Deferred<R> {
  let resolve!: (result: R) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<R>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
