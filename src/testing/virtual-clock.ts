import type { Clock, Timer } from '../contracts/clock.js';
import type { Duration } from '../contracts/duration.js';
import { PlbaError } from '../errors.js';
import { parseDuration } from '../time/duration.js';
import { sleepOn } from '../time/sleep.js';
import { type QueuedTimer, TimerQueue } from '../time/timer-queue.js';
import { captureOrigin, formatOrigin } from './origin.js';
import { seededRandom } from './seeded-random.js';

/** A timer that has not fired yet, as a report on leaks shows it. */
export interface PendingTimer {
  /** When it is due; an invalid date when never. */
  readonly dueAt: Date;
  /** Where in the code it was set: function, file and line, and who called that. `'unknown'` after some thousand timers. */
  readonly origin: string;
  /** Whether it would keep a real process alive. */
  readonly keepAlive: boolean;
}

/** Options of a {@link VirtualClock}. */
export interface VirtualClockOptions {
  /** The time of day at which it starts. Default: 2026-01-05T00:00:00Z, a Monday. */
  readonly at?: Date | string | number;
  /**
   * Leaves to chance what real time leaves open: the order of timers due at the same instant and of those who {@link
   * VirtualClock.yield}, and whether promises settle between two such timers. The same seed makes the same choices. Default:
   * in the order in which they were set.
   */
  readonly seed?: number;
}

/** Who takes more turns than this at one instant is taken for a loop that never rests. */
const MOST_TURNS_PER_INSTANT = 1_000;

/**
 * Looking at the stack costs more than all else about a timer: for long simulations only the first ones do. Timers that keep
 * no process alive are mostly those by which the platform looks around, again and again.
 */
const MOST_ORIGINS = { keepAlive: 2_000, other: 500 };

/**
 * Time that a test owns: it stands still until {@link advance} moves it, and then passes as fast as the work in it is done.
 *
 * What needs no time happens by itself: timers with a delay of 0, and {@link yield}. The clock cannot see the real world:
 * it does not wait for files or sockets before it moves on, so tests whose work touches them wait for the work itself.
 */
export class VirtualClock implements Clock {
  /** Does what time sets in motion inside of the scope of whoever is tested. @internal */
  within: <T>(work: () => T) => T = (work) => work();
  readonly #startedAtMs: number;
  /** Gives 0 to 1 for each choice; undefined where there is none to make. */
  readonly #chance: (() => number) | undefined;
  #elapsedMs = 0;
  /** Timers that need time to pass. */
  readonly #later = new TimerQueue(() => this.#touches++);
  /** Timers that need none: the next turn of the event loop fires them. */
  readonly #soon = new TimerQueue(() => this.#touches++);
  #nextTurn: Promise<void> | undefined;
  /** Those who yield and go on in an order of chance. */
  #yielding: (() => void)[] = [];
  readonly #originsLeft = { ...MOST_ORIGINS };
  /** Counts whatever the clock was asked for or did; two equal readings mean that there was nothing in between. */
  #touches = 0;
  #advancing: Promise<void> = Promise.resolve();

  constructor(options: VirtualClockOptions = {}) {
    const startedAtMs = new Date(options.at ?? '2026-01-05T00:00:00Z').getTime();
    if (Number.isNaN(startedAtMs)) {
      throw new PlbaError('OPTION_INVALID', `a virtual clock cannot start at ${String(options.at)}`, {
        hint: 'use a Date, milliseconds since the epoch, or an instant such as "2026-01-05T00:00:00Z"',
      });
    }
    this.#startedAtMs = startedAtMs;
    this.#chance = options.seed === undefined ? undefined : seededRandom(options.seed);
  }

  now(): number {
    return Math.floor(this.#startedAtMs + this.#elapsedMs);
  }

  monotonic(): number {
    return this.#elapsedMs;
  }

  setTimer(delayMs: number, callback: () => void, options?: { keepAlive?: boolean }): Timer {
    return this.#set(delayMs, callback, options?.keepAlive, 'setTimer');
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    const setTimer = (ms: number, callback: () => void) => this.#set(ms, callback, true, 'sleep');
    return sleepOn({ setTimer }, delayMs, signal);
  }

  yield(): Promise<void> {
    this.#touches++;
    const turn = (this.#nextTurn ??= this.#turn());
    if (this.#chance === undefined) return turn;
    return new Promise((resolve) => this.#yielding.push(resolve));
  }

  /**
   * Lets `duration` pass. Every timer that becomes due fires, in order of time, also those that are set on the way; what
   * they set in motion comes to rest before time moves on. Timers due at the same instant fire together, in the order in
   * which they were set (or, with a seed, in one of chance).
   *
   * Several calls are done one after the other. Rejects with what a timer's callback throws: time then stands at that
   * timer, the rest is still to come.
   *
   * @throws PlbaError `DURATION_INVALID`
   */
  advance(duration: Duration): Promise<void> {
    const durationMs = parseDuration(duration, 'the duration to advance by');
    const advanced = this.#advancing.then(async () => {
      await this.#advanceTo(this.#elapsedMs + durationMs);
    });
    this.#advancing = advanced.catch(() => undefined);
    return advanced;
  }

  /**
   * Lets time pass as {@link advance} does, until `isThere` holds at the rest of an instant, for `within` at most.
   * @returns whether it held
   */
  advanceUntil(isThere: () => boolean, within: Duration): Promise<boolean> {
    const withinMs = parseDuration(within, 'the duration to advance within');
    const advanced = this.#advancing.then(() => this.#advanceTo(this.#elapsedMs + withinMs, isThere));
    this.#advancing = advanced.then(
      () => undefined,
      () => undefined,
    );
    return advanced;
  }

  /** How many timers have not fired yet. */
  pending(): number {
    return this.#soon.size + this.#later.size;
  }

  /** The timers that have not fired yet, in the order in which they are due. */
  pendingTimers(): PendingTimer[] {
    return [...this.#soon.list(), ...this.#later.list()].map((timer) => ({
      dueAt: new Date(this.#startedAtMs + timer.dueAtMs),
      origin: formatOrigin(timer.origin),
      keepAlive: timer.keepAlive,
    }));
  }

  #set(
    delayMs: number,
    callback: () => void,
    keepAlive: boolean | undefined,
    callee: 'setTimer' | 'sleep',
  ): QueuedTimer {
    this.#touches++;
    const dueAtMs = this.#elapsedMs + Math.max(delayMs, 0);
    const isSoon = dueAtMs <= this.#elapsedMs;
    const timer = (isSoon ? this.#soon : this.#later).add(dueAtMs, callback, keepAlive, this.#chance?.());
    // eslint-disable-next-line @typescript-eslint/unbound-method -- never called: only says where the stack begins
    if (this.#originsLeft[timer.keepAlive ? 'keepAlive' : 'other']-- > 0) timer.origin = captureOrigin(this[callee]);
    if (isSoon) this.#nextTurn ??= this.#turn();
    return timer;
  }

  async #advanceTo(untilMs: number, isThere: () => boolean = () => false): Promise<boolean> {
    await this.#settle();
    if (isThere()) return true;
    for (let next = this.#later.earliest; next && next.dueAtMs <= untilMs; next = this.#later.earliest) {
      this.#elapsedMs = next.dueAtMs;
      for (let timer = this.#later.takeDue(next.dueAtMs); timer; timer = this.#later.takeDue(next.dueAtMs)) {
        this.within(timer.callback);
        if (this.#chance !== undefined && this.#chance() < 0.5) await this.#settle();
      }
      await this.#settle();
      if (isThere()) return true;
    }
    this.#elapsedMs = untilMs;
    return isThere();
  }

  /**
   * Resolves when everything that can happen without time passing has happened.
   *
   * `process.nextTick` called from a microtask comes after all microtasks, however long their chains are. From then on
   * only a turn of the event loop can bring anybody back to work: one that {@link yield} or a timer without delay asked
   * for, or one that is none of the clock's business. So it is quiet when none of the clock's own is to come and a whole
   * turn went by in which the clock was not touched. That usually is the first one: some two microseconds for an instant,
   * whatever the number of workers.
   *
   * A loop that never rests (a worker that always has more to do) would hold time still for ever; after
   * {@link MOST_TURNS_PER_INSTANT} turns time moves on beside it, as real time does.
   */
  #settle(): Promise<void> {
    this.#turns = 0;
    return new Promise((resolve) => {
      this.#settled = resolve;
      queueMicrotask(this.#afterMicrotasks);
    });
  }

  // Time is advanced by one at a time, so there is one state of settling; and it is entered a hundred thousand times in a
  // week, so nothing is made for it anew.
  #turns = 0;
  #touchesBefore = 0;
  #settled: () => void = () => undefined;

  readonly #afterMicrotasks = (): void => {
    process.nextTick(this.#beforeTurn);
  };

  readonly #beforeTurn = (): void => {
    this.#touchesBefore = this.#touches;
    setImmediate(this.#afterTurn);
  };

  readonly #afterTurn = (): void => {
    const isQuiet = this.#touches === this.#touchesBefore && this.#nextTurn === undefined;
    if (isQuiet || ++this.#turns === MOST_TURNS_PER_INSTANT) this.#settled();
    else queueMicrotask(this.#afterMicrotasks);
  };

  /** The next turn of the event loop, which also fires the timers that wait for nothing else. */
  #turn(): Promise<void> {
    return new Promise((resolve) => {
      setImmediate(() => {
        this.#nextTurn = undefined;
        this.#touches++;
        resolve();
        this.within(() => {
          this.#goOn();
          this.#fireSoon();
        });
      });
    });
  }

  #goOn(): void {
    const chance = this.#chance;
    if (chance === undefined) return;
    const waiting = this.#yielding;
    this.#yielding = [];
    while (waiting.length > 0) waiting.splice(Math.floor(chance() * waiting.length), 1)[0]?.();
  }

  #fireSoon(): void {
    try {
      // Those that are set meanwhile have their own turn.
      for (let left = this.#soon.size; left > 0; left--) this.#soon.takeDue(this.#elapsedMs)?.callback();
    } finally {
      if (this.#soon.size > 0) this.#nextTurn ??= this.#turn();
    }
  }
}
