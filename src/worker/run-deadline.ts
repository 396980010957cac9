import type { Clock, Timer } from '../contracts/clock.js';

/**
 * Notices the run that takes too long. One timer watches all runs of a worker: it looks again when it goes off too early
 * for the run of that moment, so a run that is over in time sets and cancels nothing. Each run has the limit that was in
 * force when it began.
 */
export class RunDeadline {
  private timer: Timer | undefined;
  /** When the timer goes off, on the monotonic clock. */
  private looksAtMs = Infinity;
  /** When the run in progress has taken too long; Infinity while there is none to watch. */
  private overdueAtMs = Infinity;
  private limitMs = Infinity;

  /** @param onOverdue the run in progress has taken longer than `limitMs` */
  constructor(
    private readonly clock: Clock,
    private readonly onOverdue: (limitMs: number) => void,
  ) {}

  /** A run begins that may take `limitMs`. */
  watch(nowMs: number, limitMs: number): void {
    this.limitMs = limitMs;
    this.overdueAtMs = nowMs + limitMs;
    // Seldom: the timer that is set already goes off before.
    if (this.overdueAtMs < this.looksAtMs) this.lookAfter(limitMs, this.overdueAtMs);
  }

  /** The run in progress is over. */
  over(): void {
    this.overdueAtMs = Infinity;
  }

  /** Nothing is watched any more, and no timer is left behind. */
  close(): void {
    this.over();
    this.timer?.cancel();
    this.looksAtMs = Infinity;
  }

  private lookAfter(delayMs: number, atMs: number): void {
    this.timer?.cancel();
    this.looksAtMs = atMs;
    this.timer = this.clock.setTimer(
      delayMs,
      () => {
        this.look();
      },
      { keepAlive: false },
    );
  }

  private look(): void {
    this.looksAtMs = Infinity;
    const { overdueAtMs } = this;
    if (overdueAtMs === Infinity) return;
    const remainingMs = overdueAtMs - this.clock.monotonic();
    if (remainingMs > 0) {
      this.lookAfter(remainingMs, overdueAtMs);
      return;
    }
    this.over();
    this.onOverdue(this.limitMs);
  }
}
