import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import type { Timer } from '../../../src/contracts/clock.js';
import { PlbaError } from '../../../src/errors.js';
import { processErrorsDuring } from '../../support/process-errors.js';
import { SystemClock } from '../../../src/time/system-clock.js';

describe('SystemClock', () => {
  it('tells the time of the machine', () => {
    const clock = new SystemClock();
    expect(clock.now()).to.be.closeTo(Date.now(), 1_000);
    expect(clock.monotonic()).to.be.at.most(performance.now());
  });

  it('fires timers in the order in which they are due, never early', async () => {
    const clock = new SystemClock();
    const fired: string[] = [];
    const startedAt = clock.monotonic();
    await new Promise<void>((resolve) => {
      clock.setTimer(20, () => {
        fired.push(clock.monotonic() - startedAt >= 20 ? 'third' : 'early');
        resolve();
      });
      clock.setTimer(5, () => fired.push(clock.monotonic() - startedAt >= 5 ? 'second' : 'early'));
      clock.setTimer(0, () => fired.push('first'));
    });
    expect(fired).to.deep.equal(['first', 'second', 'third']);
  });

  it('never calls back while the timer is being set', async () => {
    const clock = new SystemClock();
    let isSet = false;
    const wasSet = new Promise<boolean>((resolve) => {
      clock.setTimer(-5, () => {
        resolve(isSet);
      });
    });
    isSet = true;
    expect(await wasSet).to.be.true;
  });

  it('does not fire what was called off', async () => {
    const clock = new SystemClock();
    const timer = clock.setTimer(1, () => expect.fail('was called off'));
    timer.cancel();
    timer.cancel();
    await clock.sleep(5);
  });

  it('refuses a delay that is not a number', () => {
    expect(() => new SystemClock().setTimer(NaN, () => undefined))
      .to.throw(PlbaError)
      .with.property('code', 'DURATION_INVALID');
  });

  it('lets a throwing callback be an uncaught exception and fires the others all the same', async () => {
    const clock = new SystemClock();
    const error = new Error('from a callback');
    const uncaught = await processErrorsDuring(
      'uncaughtException',
      () =>
        new Promise<void>((resolve) => {
          clock.setTimer(1, () => {
            throw error;
          });
          clock.setTimer(1, resolve);
        }),
    );
    expect(uncaught).to.deep.equal([error]);
  });

  describe('sleep', () => {
    it('ends early when its signal aborts, and leaves no listener and no timer', async () => {
      const clock = new SystemClock();
      const abort = new AbortController();
      const slept = clock.sleep(60_000, abort.signal);
      expect(getEventListeners(abort.signal, 'abort')).to.have.length(1);
      abort.abort();
      await slept;
      expect(getEventListeners(abort.signal, 'abort')).to.be.empty;
    });

    it('leaves no listener when it has slept', async () => {
      const { signal } = new AbortController();
      await new SystemClock().sleep(1, signal);
      expect(getEventListeners(signal, 'abort')).to.be.empty;
    });

    it('does not begin when its signal has aborted', async () => {
      await new SystemClock().sleep(60_000, AbortSignal.abort());
    });
  });

  describe('yield', () => {
    it('lets everything that is due run first', async () => {
      const clock = new SystemClock();
      const order: string[] = [];
      setImmediate(() => order.push('immediate'));
      void Promise.resolve().then(() => order.push('microtask'));
      await clock.yield();
      expect(order).to.deep.equal(['microtask', 'immediate']);
    });
  });

  describe('on the timers of Node.js', () => {
    const realSetTimeout = globalThis.setTimeout;
    let armed: FakeNodeTimer[];

    class FakeNodeTimer {
      isReferenced = true;
      constructor(
        readonly fire: () => void,
        readonly waitMs: number,
      ) {}
      ref(): void {
        this.isReferenced = true;
      }
      unref(): void {
        this.isReferenced = false;
      }
    }

    // A wait is rounded up to a whole millisecond, so the noise of floating point may add one.
    const seconds = ({ waitMs }: FakeNodeTimer): number => Math.round(waitMs / 1_000);

    beforeEach(() => {
      armed = [];
      globalThis.setTimeout = ((fire: () => void, waitMs: number) => {
        const timer = new FakeNodeTimer(fire, waitMs);
        armed.push(timer);
        return timer;
      }) as unknown as typeof setTimeout;
    });

    afterEach(() => {
      globalThis.setTimeout = realSetTimeout;
    });

    it('arms one for any number of timers, and anew only for an earlier one', () => {
      const clock = new SystemClock();
      clock.setTimer(50_000, () => undefined);
      for (let index = 0; index < 100; index++) clock.setTimer(60_000 + index, () => undefined);
      expect(armed).to.have.length(1);
      clock.setTimer(40_000, () => undefined);
      expect(armed.map(seconds)).to.deep.equal([50, 40]);
    });

    it('arms once for all timers that are set while others fire', async () => {
      const clock = new SystemClock();
      const delaysMs = [50_000, 40_000, 30_000];
      clock.setTimer(0, () => {
        for (const delayMs of delaysMs) clock.setTimer(delayMs, () => undefined);
      });
      const dueAt = clock.monotonic();
      while (clock.monotonic() <= dueAt) await clock.yield();
      armed[0]?.fire();
      expect(armed.map(seconds)).to.deep.equal([0, 30]);
    });

    it('does not arm anew for a timeout that is set and called off again and again', () => {
      const clock = new SystemClock();
      for (let index = 0; index < 100; index++) clock.setTimer(50_000, () => undefined).cancel();
      expect(armed).to.have.length(1);
    });

    it('makes a wait that is too long for one of several', () => {
      const clock = new SystemClock();
      clock.setTimer(2 ** 40, () => expect.fail('fired early'));
      expect(armed[0]?.waitMs).to.equal(2 ** 31 - 1);
      armed[0]?.fire();
      expect(armed).to.have.length(2);
      expect(armed[1]?.waitMs).to.equal(2 ** 31 - 1);
    });

    it('keeps the process alive as long as a timer that wants it is waiting', () => {
      const clock = new SystemClock();
      const isKeptAlive = () => armed.at(-1)?.isReferenced;
      const timers: Timer[] = [clock.setTimer(50_000, () => undefined, { keepAlive: false })];
      expect(isKeptAlive()).to.be.false;
      timers.push(
        clock.setTimer(60_000, () => undefined),
        clock.setTimer(40_000, () => undefined),
      );
      expect(isKeptAlive()).to.be.true;
      timers[1]?.cancel();
      expect(isKeptAlive()).to.be.true;
      timers[2]?.cancel();
      expect(isKeptAlive()).to.be.false;
    });
  });
});
