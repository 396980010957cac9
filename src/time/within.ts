import type { Clock } from '../contracts/clock.js';
import type { Abortable } from './lazy-abort.js';

/** How something that may throw went. */
export type Attempt<T = unknown> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

/** Does `work` and says how it went: a throw and a rejection alike become a value. Never rejects. */
export async function attempt<T>(work: () => T | Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error };
  }
}

/** The value of `promise`, or undefined when it takes longer than `limitMs` (or `signal` aborts). Leaves no timer behind. */
export function within<T>(
  clock: Clock,
  limitMs: number,
  promise: Promise<T>,
  signal?: Abortable,
): Promise<T | undefined> {
  if (signal?.aborted) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      tidyUp();
      resolve(undefined);
    };
    const timer = Number.isFinite(limitMs) ? clock.setTimer(limitMs, giveUp) : undefined;
    const tidyUp = (): void => {
      timer?.cancel();
      signal?.removeEventListener('abort', giveUp);
    };
    signal?.addEventListener('abort', giveUp);
    promise.then(
      (value) => {
        tidyUp();
        resolve(value);
      },
      (error: unknown) => {
        tidyUp();
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- passes on what the promise rejected with
        reject(error);
      },
    );
  });
}
