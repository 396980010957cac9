import type { Clock, Timer } from '../contracts/clock.js';
import { mostLateMs } from './contributor-check.js';

/** A sweep comes no sooner after the one before. */
export const sweepMs = 5_000;

/** One timer for something that is to be done again and again: as soon as somebody needs it, but not all the time. */
export class Sweep {
  private timer: Timer | undefined;
  /** When the last one was, and when the next one is due, on the monotonic clock. */
  private lastMs = -Infinity;
  private dueMs = Infinity;
  private isRunning = false;
  /** It was late and lets others go first. */
  private isPutOff = false;

  /** @param sweep called with the monotonic time */
  constructor(
    private readonly clock: Clock,
    private readonly sweep: (nowMs: number) => void,
  ) {}

  /** From now on, as if one had just been. Nothing is due. */
  start(): void {
    this.isRunning = true;
    this.lastMs = this.clock.monotonic();
  }

  /** No more. */
  stop(): void {
    this.isRunning = false;
    this.timer?.cancel();
    this.dueMs = Infinity;
    this.isPutOff = false;
  }

  /** One is needed after `atMs` on the monotonic clock. The earliest that anybody needs counts. */
  after(atMs: number): void {
    const dueMs = Math.max(atMs + 1, this.lastMs + sweepMs);
    if (!this.isRunning || this.isPutOff || dueMs >= this.dueMs) return;
    this.timer?.cancel();
    this.set(dueMs);
  }

  // A timer that is late says that the event loop was blocked. Then runs are late that will come at once: they have their
  // turn first, or a busy moment would pass for a schedule that stands still.
  private set(dueMs: number): void {
    this.dueMs = dueMs;
    const fire = (): void => {
      const nowMs = this.clock.monotonic();
      if (!this.isPutOff && nowMs - dueMs > mostLateMs) {
        this.isPutOff = true;
        this.set(nowMs + mostLateMs);
        return;
      }
      this.isPutOff = false;
      this.lastMs = nowMs;
      this.dueMs = Infinity;
      this.sweep(nowMs);
    };
    this.timer = this.clock.setTimer(dueMs - this.clock.monotonic(), fire, { keepAlive: false });
  }
}
