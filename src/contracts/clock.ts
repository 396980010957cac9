/** Something that was asked to happen later and can be called off. */
export interface Timer {
  /** Calls it off. Harmless when it has happened already, and harmless twice. */
  cancel(): void;
}

/**
 * The only source of time in PLBA. Nothing else reads the time or sets a timer, so that a test that brings its own clock
 * owns all of it.
 */
export interface Clock {
  /** Wall-clock time in milliseconds since the epoch. May jump when the machine's clock is set. For display and calendars. */
  now(): number;
  /** Milliseconds since an arbitrary start; never goes back. For durations and deadlines. */
  monotonic(): number;
  /**
   * Calls `callback` once, `delayMs` from now (0 is "as soon as the caller is done", never synchronously).
   * A pending timer keeps the process alive only when `keepAlive` is true (default).
   */
  setTimer(delayMs: number, callback: () => void, options?: { keepAlive?: boolean }): Timer;
  /** Resolves after `delayMs`, or as soon as `signal` aborts; never rejects. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
  /** Lets everything else that is due run first: timers, sockets, other workers. */
  yield(): Promise<void>;
}
