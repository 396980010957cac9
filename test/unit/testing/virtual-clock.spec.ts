import { expect } from 'chai';
import { PlbaError } from '../../../src/errors.js';
import { processErrorsDuring } from '../../support/process-errors.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';

describe('VirtualClock', () => {
  it('starts where it is told and stands still', async () => {
    const clock = new VirtualClock({ at: '2026-03-29T00:59:00Z' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(new Date(clock.now()).toISOString()).to.equal('2026-03-29T00:59:00.000Z');
    expect(clock.monotonic()).to.equal(0);
  });

  it('starts at the same time each time when it is told nothing', () => {
    expect(new VirtualClock().now()).to.equal(Date.UTC(2026, 0, 5));
  });

  it('refuses to start at what is no time', () => {
    expect(() => new VirtualClock({ at: 'noon' }))
      .to.throw(PlbaError, 'noon')
      .with.property('code', 'OPTION_INVALID');
  });

  it('moves the time of day and the monotonic time together', async () => {
    const clock = new VirtualClock({ at: 0 });
    await clock.advance('1.5s');
    await clock.advance(0.25);
    expect(clock.now()).to.equal(1_500);
    expect(clock.monotonic()).to.equal(1_500.25);
  });

  it('refuses to go back', () => {
    expect(() => new VirtualClock().advance(-1))
      .to.throw(PlbaError)
      .with.property('code', 'DURATION_INVALID');
  });

  describe('advance', () => {
    it('fires each timer at its time, in order, and leaves what is not yet due', async () => {
      const clock = new VirtualClock();
      const fired: [string, number][] = [];
      for (const [name, delayMs] of [
        ['c', 30],
        ['a', 10],
        ['b', 10],
        ['d', 31],
      ] as const) {
        clock.setTimer(delayMs, () => fired.push([name, clock.monotonic()]));
      }
      await clock.advance(30);
      expect(fired).to.deep.equal([
        ['a', 10],
        ['b', 10],
        ['c', 30],
      ]);
      expect(clock.pending()).to.equal(1);
    });

    it('fires timers that are set on the way', async () => {
      const clock = new VirtualClock();
      const at: number[] = [];
      const again = () => {
        at.push(clock.monotonic());
        clock.setTimer(10, again);
      };
      again();
      await clock.advance(35);
      expect(at).to.deep.equal([0, 10, 20, 30]);
      expect(clock.monotonic()).to.equal(35);
    });

    it('does not fire what is called off on the way, not even at the same instant', async () => {
      const clock = new VirtualClock();
      const late: { cancel(): void }[] = [];
      clock.setTimer(10, () => {
        for (const timer of late) timer.cancel();
      });
      for (const delayMs of [10, 20]) late.push(clock.setTimer(delayMs, () => expect.fail('was called off')));
      await clock.advance(30);
      expect(clock.pending()).to.equal(0);
    });

    it('lets promises, yields and timers without delay come to rest before time moves on', async () => {
      const clock = new VirtualClock();
      const log: string[] = [];
      const busy = async () => {
        await clock.sleep(10);
        for (let step = 0; step < 50; step++) await Promise.resolve();
        await clock.yield();
        await clock.sleep(0);
        await new Promise((resolve) => setImmediate(resolve));
        await clock.yield();
        log.push(`busy until ${clock.monotonic()}`);
      };
      void busy();
      clock.setTimer(11, () => log.push(`next at ${clock.monotonic()}`));
      await clock.advance(20);
      expect(log).to.deep.equal(['busy until 10', 'next at 11']);
    });

    it('lets what was begun before set its timers first', async () => {
      const clock = new VirtualClock();
      let woke = false;
      const begin = async () => {
        await clock.yield();
        await clock.sleep(10);
        woke = true;
      };
      void begin();
      await clock.advance(10);
      expect(woke).to.be.true;
    });

    it('goes on beside a loop that never rests', async () => {
      const clock = new VirtualClock();
      let stopped = false;
      const isStopped = () => stopped;
      const restless = async (rest: () => Promise<void>) => {
        while (!isStopped()) await rest();
      };
      const loops = [restless(() => clock.yield()), restless(() => clock.sleep(0))];
      let fired = false;
      clock.setTimer(10, () => (fired = true));
      await clock.advance(20);
      expect(fired).to.be.true;
      expect(clock.monotonic()).to.equal(20);
      stopped = true;
      await Promise.all(loops);
    });

    it('does one call after the other', async () => {
      const clock = new VirtualClock();
      const at: number[] = [];
      await Promise.all([
        clock.advance(10).then(() => at.push(clock.monotonic())),
        clock.advance(5).then(() => at.push(clock.monotonic())),
      ]);
      expect(clock.monotonic()).to.equal(15);
      expect(at.at(-1)).to.equal(15);
    });

    it('rejects with what a callback throws, and can go on from there', async () => {
      const clock = new VirtualClock();
      let fired = false;
      clock.setTimer(10, () => {
        throw new Error('from a callback');
      });
      clock.setTimer(10, () => (fired = true));
      let caught: unknown;
      await clock.advance(20).catch((error: unknown) => (caught = error));
      expect(caught).to.be.an('error').with.property('message', 'from a callback');
      expect(clock.monotonic()).to.equal(10);
      await clock.advance(10);
      expect(fired).to.be.true;
    });

    it('has a week of twenty workers pass turn by turn, each run in its place', async () => {
      const clock = new VirtualClock();
      let runs = 0;
      const work = async (periodMs: number) => {
        for (;;) {
          await clock.sleep(periodMs);
          await clock.yield();
          runs++;
        }
      };
      for (let worker = 0; worker < 20; worker++) void work(600_000);
      await clock.advance('168h');
      expect(runs).to.equal(20 * 7 * 24 * 6);
    });
  });

  describe('without being advanced', () => {
    it('fires timers without delay, never while they are being set', async () => {
      const clock = new VirtualClock();
      const order: string[] = [];
      const fired = new Promise<void>((resolve) => {
        clock.setTimer(0, () => {
          order.push('fired');
          resolve();
        });
      });
      order.push('set');
      await fired;
      expect(order).to.deep.equal(['set', 'fired']);
    });

    it('fires the others too when one throws, which is an uncaught exception', async () => {
      const clock = new VirtualClock();
      const error = new Error('from a callback');
      const uncaught = await processErrorsDuring(
        'uncaughtException',
        () =>
          new Promise<void>((resolve) => {
            clock.setTimer(0, () => {
              throw error;
            });
            clock.setTimer(0, resolve);
          }),
      );
      expect(uncaught).to.deep.equal([error]);
    });

    it('yields', async () => {
      await new VirtualClock().yield();
    });
  });

  it('lists the timers that are left, with the place in the code that set them', async () => {
    const clock = new VirtualClock({ at: '2026-05-01T12:00:00Z' });
    function waitForInvoices() {
      clock.setTimer(2_000, () => undefined, { keepAlive: false });
    }
    async function sleepForLedger() {
      await clock.sleep(1_000);
    }
    waitForInvoices();
    const slept = sleepForLedger();
    expect(clock.pending()).to.equal(2);
    const [sleep, timer] = clock.pendingTimers();
    expect(sleep).to.deep.include({ dueAt: new Date('2026-05-01T12:00:01Z'), keepAlive: true });
    expect(sleep?.origin).to.match(/^sleepForLedger \(.*virtual-clock\.spec\.ts:\d+:\d+\)/);
    expect(timer).to.deep.include({ dueAt: new Date('2026-05-01T12:00:02Z'), keepAlive: false });
    expect(timer?.origin).to.match(/^waitForInvoices \(.*virtual-clock\.spec\.ts:\d+:\d+\)/);
    await clock.advance('1s');
    await slept;
    expect(clock.pending()).to.equal(1);
  });
});
