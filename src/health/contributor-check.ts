import type { Clock, Timer } from '../contracts/clock.js';
import type { HealthContributor } from '../contracts/health.js';
import type { Logger } from '../contracts/logger.js';
import { PlbaError } from '../errors.js';
import { formatDuration } from '../time/duration.js';
import { abortOf } from '../time/named-abort.js';

/** What a {@link ContributorCheck} is made with. */
export interface ContributorCheckOptions {
  readonly name: string;
  readonly contributor: HealthContributor;
  /** From the end of one check to the start of the next. */
  readonly everyMs: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** Told what a check has answered, whatever that is. */
  readonly answered: (answer: unknown) => void;
  /** Told what a check has thrown, and `HEALTH_CHECK_TIMED_OUT` when it took too long. */
  readonly threw: (error: unknown) => void;
  /** Told how long each check took to answer or to be given up. */
  readonly took: (durationMs: number) => void;
}

/** One question on its way. */
interface Flight {
  readonly startedMs: number;
  readonly abort: AbortController;
  /** Resolves when the question is answered or given up. */
  readonly concluded: Promise<void>;
  conclude(): void;
  timer: Timer | undefined;
  isSlow: boolean;
  /** Whether another question follows at once. */
  isFollowed: boolean;
  /** Its answer no longer counts. */
  isGivenUp: boolean;
}

/** A timer that fires later than this says that the event loop was blocked, not that a contributor is slow. */
export const mostLateMs = 100;

/**
 * Asks one health contributor again and again in the background, one question at a time. A question that takes too long is
 * given up and aborted, but the next one is asked only after it has really ended: a dependency that hangs is never piled
 * up with questions.
 */
export class ContributorCheck {
  private flight: Flight | undefined;
  private next: Timer | undefined;
  private isRunning = false;
  private wasSlow = false;

  constructor(private readonly options: ContributorCheckOptions) {}

  /** Asks at once, and from then on again and again. */
  start(): void {
    this.isRunning = true;
    void this.ask();
  }

  /** Asks no more, and aborts the question on its way. */
  stop(): void {
    this.isRunning = false;
    this.next?.cancel();
    this.next = undefined;
    if (this.flight !== undefined)
      this.giveUp(this.flight, new PlbaError('RUN_ABORTED', 'health is no longer asked for'));
  }

  /** Asks now, unless a question is on its way. Resolves when that is answered or given up. */
  ask(): Promise<void> {
    if (this.flight !== undefined) return this.flight.concluded;
    this.next?.cancel();
    this.next = undefined;
    const flight = takeOff(this.options.clock.monotonic());
    this.flight = flight;
    this.wait(flight, this.options.timeoutMs / 2, () => {
      this.halfTime(flight);
    });
    void this.fly(flight);
    return flight.concluded;
  }

  /** Asks now. A question that is on its way began before, so another one follows as soon as it has ended. */
  askAnew(): void {
    if (this.flight === undefined) void this.ask();
    else this.flight.isFollowed = true;
  }

  private async fly(flight: Flight): Promise<void> {
    const { answered, threw } = this.options;
    let tell: () => void;
    try {
      const answer = await this.check(flight);
      tell = () => {
        answered(answer);
      };
    } catch (error) {
      tell = () => {
        threw(error);
      };
    }
    flight.timer?.cancel();
    this.flight = undefined;
    this.wasSlow = flight.isSlow;
    if (this.isRunning) this.next = this.timer(flight.isFollowed ? 0 : this.options.everyMs, () => void this.ask());
    if (!flight.isGivenUp) {
      this.noteDuration(flight);
      tell();
    }
    flight.conclude();
  }

  private check(flight: Flight): unknown {
    const { clock, contributor, timeoutMs } = this.options;
    const startedMs = clock.monotonic();
    const answer = contributor.check(flight.abort.signal);
    // Who blocks the event loop is out of reach of a timer.
    const blockedMs = clock.monotonic() - startedMs;
    if (blockedMs >= timeoutMs / 2) this.noteSlow(flight, `it blocked the event loop for ${formatDuration(blockedMs)}`);
    if (blockedMs <= timeoutMs) return answer;
    Promise.resolve(answer).catch(() => undefined); // nobody waits for it any more
    throw this.timeOutError();
  }

  private halfTime(flight: Flight): void {
    const { timeoutMs } = this.options;
    this.noteSlow(flight, `no answer for ${formatDuration(timeoutMs / 2)}`);
    this.wait(flight, timeoutMs / 2, () => {
      const error = this.timeOutError();
      this.noteDuration(flight);
      this.options.threw(error);
      this.giveUp(flight, error);
    });
  }

  private noteSlow(flight: Flight, how: string): void {
    const { log, name, timeoutMs } = this.options;
    if (!this.wasSlow && !flight.isSlow)
      log.warn({ contributor: name, timeoutMs }, `health contributor "${name}" is slow: ${how}`);
    flight.isSlow = true;
  }

  private noteDuration({ startedMs }: Flight): void {
    this.options.took(this.options.clock.monotonic() - startedMs);
  }

  private giveUp(flight: Flight, reason: PlbaError): void {
    flight.isGivenUp = true;
    flight.timer?.cancel();
    abortOf(`health contributor "${this.options.name}"`, flight.abort, reason);
    flight.conclude();
  }

  private timeOutError(): PlbaError {
    return new PlbaError('HEALTH_CHECK_TIMED_OUT', `no answer within ${formatDuration(this.options.timeoutMs)}`);
  }

  /** Waits, and once more if the event loop was blocked: what the block took from the contributor is given back to it. */
  private wait(flight: Flight, delayMs: number, then: () => void, canBeLate = true): void {
    const { clock } = this.options;
    const dueMs = clock.monotonic() + delayMs;
    flight.timer = this.timer(delayMs, () => {
      const lateMs = clock.monotonic() - dueMs;
      if (canBeLate && lateMs > mostLateMs) this.wait(flight, Math.min(lateMs, delayMs), then, false);
      else then();
    });
  }

  private timer(delayMs: number, callback: () => void): Timer {
    return this.options.clock.setTimer(delayMs, callback, { keepAlive: false });
  }
}

function takeOff(startedMs: number): Flight {
  let conclude = (): void => undefined;
  const concluded = new Promise<void>((resolve) => (conclude = resolve));
  return {
    startedMs,
    abort: new AbortController(),
    concluded,
    conclude,
    timer: undefined,
    isSlow: false,
    isFollowed: false,
    isGivenUp: false,
  };
}
