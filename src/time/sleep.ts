import type { Clock } from '../contracts/clock.js';

/**
 * {@link Clock.sleep} in terms of {@link Clock.setTimer}, for clocks to build on. Leaves nothing behind: whichever of timer and
 * abort comes first takes the other one away.
 */
export function sleepOn(clock: Pick<Clock, 'setTimer'>, delayMs: number, signal?: AbortSignal): Promise<void> {
  if (signal === undefined) {
    return new Promise((resolve) => {
      clock.setTimer(delayMs, resolve);
    });
  }
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = () => {
      timer.cancel();
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = clock.setTimer(delayMs, wake);
    signal.addEventListener('abort', wake);
  });
}
