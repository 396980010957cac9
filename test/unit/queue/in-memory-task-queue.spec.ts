import { expect } from 'chai';
import { InMemoryTaskQueue, PlbaError } from 'plba';
import { caught } from '../../support/caught.js';
import { processErrorsDuring } from '../../support/process-errors.js';
import { aTurn, HeldWork } from './held-work.js';

describe('InMemoryTaskQueue', () => {
  it('begins tasks in the order in which they came, as many at a time as it may', async () => {
    const held = new HeldWork();
    const queue = new InMemoryTaskQueue({ concurrency: 2, capacity: 10, overflow: 'reject' }, held.work);
    for (const item of ['a', 'b', 'c', 'd']) void queue.push(item);
    await aTurn();
    expect(held.begun).to.deep.equal(['a', 'b']);
    await held.finish('b');
    expect(held.begun).to.deep.equal(['a', 'b', 'c']);
    await held.finish('a');
    await held.finish('c');
    expect(held.begun).to.deep.equal(['a', 'b', 'c', 'd']);
    await held.finish('d');
  });

  it('never begins a task before the call that brought it has returned', async () => {
    const begun: string[] = [];
    const queue = new InMemoryTaskQueue<string>({ concurrency: 2, capacity: 10, overflow: 'reject' }, (item) => {
      begun.push(item);
    });
    void queue.push('a');
    const b = queue.submit('b');
    expect(begun).to.deep.equal([]);
    await b;
    expect(begun).to.deep.equal(['a', 'b']);
  });

  it('counts what waits, runs, is done and has failed', async () => {
    const held = new HeldWork();
    const queue = new InMemoryTaskQueue(
      { concurrency: 1, capacity: 3, overflow: 'wait', onError: () => undefined },
      held.work,
    );
    const counts = () => {
      const { size, waiting, running, blocked, done, failed } = queue;
      return { size, waiting, running, blocked, done, failed };
    };
    for (const item of ['a', 'b', 'c', 'd']) void queue.push(item);
    await aTurn();
    expect(counts()).to.deep.equal({ size: 3, waiting: 2, running: 1, blocked: 1, done: 0, failed: 0 });
    await held.finish('a');
    await held.fail('b', new Error('no'));
    expect(counts()).to.deep.equal({ size: 2, waiting: 1, running: 1, blocked: 0, done: 1, failed: 1 });
    await held.finish('c');
    await held.finish('d');
    expect(counts()).to.deep.equal({ size: 0, waiting: 0, running: 0, blocked: 0, done: 3, failed: 1 });
  });

  it('takes up work again after it was empty', async () => {
    const queue = new InMemoryTaskQueue(
      { concurrency: 3, capacity: 10, overflow: 'reject' },
      (item: number) => item * 2,
    );
    for (let round = 0; round < 5; round++) expect(await queue.submit(round)).to.equal(round * 2);
  });

  it('takes any value for an item', async () => {
    const items = [undefined, null, 0, '', NaN, Promise.resolve(1), new Error('an item')];
    const seen: unknown[] = [];
    const queue = new InMemoryTaskQueue<unknown>({ concurrency: 1, capacity: 10, overflow: 'reject' }, (item) => {
      seen.push(item);
    });
    for (const item of items) void queue.push(item);
    const asItem = queue.submit('handle');
    void queue.push(asItem);
    await queue.drain();
    expect(seen).to.deep.equal([...items, 'handle', asItem]);
  });

  it('lets the rest of the process have a turn, however fast its tasks are', async () => {
    let turns = 0;
    const queue = new InMemoryTaskQueue<number>(
      { concurrency: 2, capacity: 10_000, overflow: 'reject' },
      () => undefined,
    );
    for (let item = 0; item < 10_000; item++) void queue.push(item);
    const drained = queue.drain();
    const timer = setInterval(() => undefined, 1_000);
    const count = () => {
      turns++;
      if (queue.size > 0) setImmediate(count);
    };
    setImmediate(count);
    await drained;
    clearInterval(timer);
    expect(turns).to.be.at.least(4);
  });

  describe('submit', () => {
    it('gives the result, of work with and without a promise', async () => {
      const bounds = { concurrency: 1, capacity: 10, overflow: 'reject' } as const;
      const direct = new InMemoryTaskQueue(bounds, (item: number) => item + 1);
      const promised = new InMemoryTaskQueue(bounds, (item: number) => Promise.resolve(item + 1));
      const thenable = new InMemoryTaskQueue(bounds, (item: number) => {
        const then = (onResult: (result: number) => void) => {
          onResult(item + 1);
        };
        return { then } as unknown as Promise<number>;
      });
      expect(await Promise.all([direct.submit(1), promised.submit(2), thenable.submit(3)])).to.deep.equal([2, 3, 4]);
    });

    it('rejects with what the work throws, of work with and without a promise', async () => {
      const bounds = { concurrency: 1, capacity: 10, overflow: 'reject' } as const;
      const error = new Error('no');
      const direct = new InMemoryTaskQueue<number, never>(bounds, () => {
        throw error;
      });
      const promised = new InMemoryTaskQueue(bounds, () => Promise.reject(error));
      for (const task of [direct.submit(1), promised.submit(2)]) {
        expect(
          await task.then(
            () => 'resolved',
            (reason: unknown) => reason,
          ),
        ).to.equal(error);
      }
    });

    it('can be used like a promise before and after it has ended', async () => {
      const queue = new InMemoryTaskQueue({ concurrency: 1, capacity: 10, overflow: 'reject' }, (item: number) =>
        item < 0 ? Promise.reject(new Error('negative')) : item,
      );
      const good = queue.submit(1);
      const before = good.then((result) => result + 1);
      expect(await before).to.equal(2);
      expect(await good).to.equal(1);
      expect(await good.finally(() => undefined)).to.equal(1);
      const bad = queue.submit(-1);
      expect(await bad.catch((error: unknown) => (error as Error).message)).to.equal('negative');
      expect(await bad.catch(() => 'again')).to.equal('again');
      expect(Object.prototype.toString.call(good)).to.equal('[object SubmittedTask]');
    });

    it('is an unhandled rejection when the task fails and nobody waits for it', async () => {
      const error = new Error('nobody looks');
      const queue = new InMemoryTaskQueue({ concurrency: 1, capacity: 10, overflow: 'reject' }, () =>
        Promise.reject(error),
      );
      const unhandled = await processErrorsDuring('unhandledRejection', async () => {
        void queue.submit(1);
        await queue.drain();
      });
      expect(unhandled).to.deep.equal([error]);
    });
  });

  describe('when it is full', () => {
    it('refuses, if it rejects', async () => {
      const held = new HeldWork();
      const queue = new InMemoryTaskQueue(
        { concurrency: 1, capacity: 2, overflow: 'reject', name: 'posting' },
        held.work,
      );
      void queue.push('a');
      void queue.push('b');
      const refused = await caught(() => queue.push('c'));
      expect(refused).to.include({ code: 'QUEUE_FULL', message: 'posting is full: it holds 2 tasks' });
      expect((await caught(() => queue.submit('d'))).code).to.equal('QUEUE_FULL');
      await held.finish('a');
      void queue.push('e');
      await held.finish('b');
      await held.finish('e');
      expect(held.begun).to.deep.equal(['a', 'b', 'e']);
    });

    it('makes producers wait, if it waits, and gives places in the order in which they came', async () => {
      const held = new HeldWork();
      const queue = new InMemoryTaskQueue({ concurrency: 1, capacity: 1, overflow: 'wait' }, held.work);
      expect(queue.push('a')).to.be.undefined;
      const accepted: string[] = [];
      void Promise.resolve(queue.push('b')).then(() => accepted.push('b'));
      const c = queue.submit('c');
      void Promise.resolve(queue.push('d')).then(() => accepted.push('d'));
      await aTurn();
      expect(accepted).to.deep.equal([]);
      await held.finish('a');
      expect(accepted).to.deep.equal(['b']);
      await held.finish('b');
      await held.finish('c');
      expect(await c).to.equal('c done');
      expect(accepted).to.deep.equal(['b', 'd']);
      await held.finish('d');
      await queue.drain();
    });

    it('does not let a newcomer overtake whoever waits for a place', async () => {
      const held = new HeldWork();
      const queue: InMemoryTaskQueue<string> = new InMemoryTaskQueue<string>(
        { concurrency: 1, capacity: 1, overflow: 'wait', onError: () => void queue.push('newcomer') },
        held.work,
      );
      void queue.push('a');
      void queue.push('b');
      await aTurn();
      await held.fail('a', new Error('no'));
      await held.finish('b');
      await held.finish('newcomer');
      expect(held.begun).to.deep.equal(['a', 'b', 'newcomer']);
    });

    it('keeps a producer that awaits each push within the bounds', async () => {
      let most = 0;
      const queue: InMemoryTaskQueue<number> = new InMemoryTaskQueue<number>(
        { concurrency: 3, capacity: 5, overflow: 'wait' },
        async () => {
          most = Math.max(most, queue.size + queue.blocked);
          await aTurn();
        },
      );
      for (let item = 0; item < 100; item++) await queue.push(item);
      await queue.drain();
      expect(queue.done).to.equal(100);
      expect(most).to.equal(5);
    });
  });

  describe('errors of pushed tasks', () => {
    const error = new Error('no');
    const fails = () => Promise.reject(error);

    it('go to onError, with the item', async () => {
      const seen: unknown[] = [];
      const onError = (...args: unknown[]) => seen.push(args);
      const queue = new InMemoryTaskQueue<string>({ concurrency: 1, capacity: 9, overflow: 'reject', onError }, fails);
      void queue.push('a');
      void queue.push('b', { timeout: '1m' });
      await queue.drain();
      expect(seen).to.deep.equal([
        [error, 'a'],
        [error, 'b'],
      ]);
    });

    it('are unhandled rejections where there is no onError', async () => {
      const queue = new InMemoryTaskQueue<string>({ concurrency: 1, capacity: 9, overflow: 'reject' }, fails);
      const unhandled = await processErrorsDuring('unhandledRejection', () => {
        void queue.push('a');
        return queue.drain();
      });
      expect(unhandled).to.deep.equal([error]);
    });

    it('do not stop the queue, not even when onError throws', async () => {
      const fromOnError = new Error('from onError');
      const onError = () => {
        throw fromOnError;
      };
      const queue = new InMemoryTaskQueue<string>({ concurrency: 1, capacity: 9, overflow: 'reject', onError }, fails);
      const unhandled = await processErrorsDuring('unhandledRejection', () => {
        void queue.push('a');
        void queue.push('b');
        return queue.drain();
      });
      expect(unhandled).to.deep.equal([fromOnError, fromOnError]);
      expect(queue.failed).to.equal(2);
    });
  });

  describe('drain', () => {
    it('resolves at once when there is nothing', async () => {
      await new InMemoryTaskQueue({ concurrency: 1, capacity: 1, overflow: 'wait' }, () => undefined).drain();
    });

    it('waits for everything accepted, and for what waits for a place', async () => {
      const held = new HeldWork();
      const queue = new InMemoryTaskQueue({ concurrency: 1, capacity: 1, overflow: 'wait' }, held.work);
      void queue.push('a');
      void queue.push('b');
      let isDrained = false;
      const drained = Promise.all([queue.drain(), queue.drain()]).then(() => (isDrained = true));
      await aTurn();
      await held.finish('a');
      expect(isDrained).to.be.false;
      await held.finish('b');
      await drained;
    });
  });

  describe('options', () => {
    const bounds = { concurrency: 1, capacity: 1, overflow: 'wait' } as const;
    const refused: [object, string, string][] = [
      [{ concurrency: 0 }, 'OPTION_INVALID', 'concurrency of queue is 0'],
      [{ concurrency: 1.5 }, 'OPTION_INVALID', 'concurrency of queue is 1.5'],
      [{ concurrency: NaN }, 'OPTION_INVALID', 'concurrency of queue is NaN'],
      [{ concurrency: Infinity }, 'OPTION_INVALID', 'concurrency of queue is Infinity'],
      [{ concurrency: '2' }, 'OPTION_INVALID', 'concurrency of queue is 2'],
      [{ capacity: 0 }, 'OPTION_INVALID', 'capacity of queue is 0'],
      [
        { capacity: 3, concurrency: 4 },
        'OPTION_INVALID',
        'capacity of queue is 3; it must be a whole number of at least its concurrency, 4',
      ],
      [{ capacity: undefined }, 'OPTION_INVALID', 'capacity of queue is undefined'],
      [{ overflow: 'drop' }, 'OPTION_INVALID', 'overflow of queue is drop'],
      [{ timeout: -1 }, 'DURATION_INVALID', 'timeout of queue is not a duration: -1'],
      [{ timeout: NaN, name: 'posting' }, 'DURATION_INVALID', 'timeout of posting is not a duration: NaN'],
    ];
    for (const [options, code, message] of refused) {
      it(`refuses: ${message}`, () => {
        expect(() => new InMemoryTaskQueue({ ...bounds, ...options }, () => undefined))
          .to.throw(PlbaError, message)
          .with.property('code', code);
      });
    }

    it('refuses the timeout of a task before it is accepted', () => {
      const queue = new InMemoryTaskQueue(bounds, () => undefined);
      const message = 'timeout of a task of queue is not a duration: "soon"';
      expect(() => queue.push('a', { timeout: 'soon' as '1s' })).to.throw(PlbaError, message);
      expect(() => void queue.submit('a', { timeout: 'soon' as '1s' })).to.throw(PlbaError, message);
      expect(queue.size).to.equal(0);
    });
  });
});
