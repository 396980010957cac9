import type { Clock, Timer } from '../contracts/clock.js';
import { carryOn } from './carry.js';
import { LONGEST_DURATION_MS } from './duration.js';
import { sleepOn } from './sleep.js';
import { TimerQueue } from './timer-queue.js';

/**
 * Real time. All timers share one timer of Node.js, armed for the earliest of them, so that thousands of workers that wait
 * cost next to nothing.
 *
 * Timers never fire early. Waits longer than Node.js can count are made of several.
 */
export class SystemClock implements Clock {
  readonly #queue = new TimerQueue(() => {
    this.#updateReference();
  });
  #nodeTimer: NodeJS.Timeout | undefined;
  /** What the timer of Node.js is armed for; it may go off earlier (long waits), never later. */
  #armedForMs = Infinity;
  /** Whether the timer of Node.js keeps the process alive. */
  #referenced = true;
  #firing = false;
  #nextTurn: Promise<void> | undefined;

  now(): number {
    return Date.now();
  }

  monotonic(): number {
    return performance.now();
  }

  setTimer(delayMs: number, callback: () => void, options?: { keepAlive?: boolean }): Timer {
    const nowMs = performance.now();
    const carry = carryOn();
    const carried =
      carry === undefined
        ? callback
        : () => {
            carry(callback);
          };
    const timer = this.#queue.add(nowMs + Math.max(delayMs, 0), carried, options?.keepAlive);
    // While timers fire, arming waits until all of them have.
    if (!this.#firing) this.#arm(nowMs);
    return timer;
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, delayMs, signal);
  }

  yield(): Promise<void> {
    // Whoever asks within one turn of the event loop waits for the same next one.
    return (this.#nextTurn ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#nextTurn = undefined;
        resolve();
      });
    }));
  }

  /**
   * Arms the timer of Node.js if the earliest is due before what it is armed for. After a cancel it stays armed: going off
   * once for nothing is cheaper than arming anew for each timeout that is set and called off.
   */
  #arm(nowMs: number): void {
    const dueAtMs = this.#queue.earliest?.dueAtMs ?? Infinity;
    if (dueAtMs < this.#armedForMs) {
      clearTimeout(this.#nodeTimer);
      const waitMs = Math.min(Math.max(Math.ceil(dueAtMs - nowMs), 1), LONGEST_DURATION_MS);
      this.#nodeTimer = setTimeout(this.#fire, waitMs);
      this.#armedForMs = dueAtMs;
      this.#referenced = true;
    }
    this.#updateReference();
  }

  #updateReference(): void {
    const referenced = this.#queue.keepAliveCount > 0;
    if (referenced === this.#referenced) return;
    this.#referenced = referenced;
    if (referenced) this.#nodeTimer?.ref();
    else this.#nodeTimer?.unref();
  }

  readonly #fire = (): void => {
    this.#firing = true;
    this.#armedForMs = Infinity;
    try {
      // One reading of the time for all, so that a timer that sets the next one at once cannot hold up the event loop.
      const nowMs = performance.now();
      for (let timer = this.#queue.takeDue(nowMs); timer !== undefined; timer = this.#queue.takeDue(nowMs)) {
        timer.callback();
      }
    } finally {
      // A callback that throws is an uncaught exception like that of any timer; those behind it fire a moment later.
      this.#firing = false;
      this.#arm(performance.now());
    }
  };
}
