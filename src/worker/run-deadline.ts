import type { Clock, Timer } from '../contracts/clock.js';

/**
 * Notices the run that takes too long. One timer watches all runs of a worker: it looks again when it goes off too early
 * for the run of that moment, so a run that is over in time sets and cancels nothing.
 */
export class RunDeadline {
  private timer: Timer | undefined;

  /**
   * @param startedMs when the run in progress started, on the monotonic clock; undefined while there is none to watch
   * @param onOverdue the run in progress has taken longer than `timeoutMs`
   */
  constructor(
    private readonly clock: Clock,
    private readonly timeoutMs: number,
    private readonly startedMs: () => number | undefined,
    private readonly onOverdue: () => void,
  ) {}

  /** A run begins. */
  watch(): void {
    if (this.timer === undefined) this.lookAfter(this.timeoutMs);
  }

  /** Nothing is watched any more, and no timer is left behind. */
  close(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private lookAfter(delayMs: number): void {
    const look = (): void => {
      this.timer = undefined;
      const startedMs = this.startedMs();
      if (startedMs === undefined) return;
      const remainingMs = startedMs + this.timeoutMs - this.clock.monotonic();
      if (remainingMs > 0) this.lookAfter(remainingMs);
      else this.onOverdue();
    };
    this.timer = this.clock.setTimer(delayMs, look, { keepAlive: false });
  }
}
