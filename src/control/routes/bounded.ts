import type { Clock } from '../../contracts/clock.js';
import { PlbaError } from '../../errors.js';
import { formatDuration } from '../../time/duration.js';
import { abortOf } from '../../time/named-abort.js';

/** How long the answer of an application's own route may take. */
export interface Bounds {
  readonly clock: Pick<Clock, 'setTimer'>;
  readonly limitMs: number;
  /** Aborts when the control plane goes down. */
  readonly stopping: AbortSignal;
  /** Names the route. */
  readonly name: string;
}

/**
 * Waits for `work` as long as that may take; it is told by its signal when that is over, and what it comes up with later is dropped.
 *
 * @throws PlbaError `CONTROL_ROUTE_UNFINISHED`
 */
export async function bounded<T>(
  { clock, limitMs, stopping, name }: Bounds,
  work: (signal: AbortSignal) => T | Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const ended = new Promise<never>((_, reject) => {
    over.signal.addEventListener('abort', () => {
      reject(over.signal.reason as PlbaError);
    });
  });
  // Nobody may be waiting any more.
  ended.catch(() => undefined);
  const end = (why: string): void => {
    const whom = `the control route ${name}`;
    abortOf(whom, over, new PlbaError('CONTROL_ROUTE_UNFINISHED', `${whom} had not answered ${why}`));
  };
  const onStop = (): void => {
    end('when the application stopped');
  };
  const timer = clock.setTimer(limitMs, () => {
    end(`after ${formatDuration(limitMs)}`);
  });
  stopping.addEventListener('abort', onStop);
  if (stopping.aborted) onStop();
  try {
    over.signal.throwIfAborted();
    return await Promise.race([ended, work(over.signal)]);
  } finally {
    timer.cancel();
    stopping.removeEventListener('abort', onStop);
  }
}
