import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import { InMemoryTaskQueue, PlbaError } from 'plba';
import { VirtualClock } from 'plba/testing';
import { caught } from '../../support/caught.js';
import { processErrorsDuring } from '../../support/process-errors.js';
import { aTurn, HeldWork } from './held-work.js';

const one = { concurrency: 1, capacity: 10, overflow: 'wait' } as const;

describe('InMemoryTaskQueue ends tasks', () => {
  describe('by timeout', () => {
    it('as soon as one has taken too long from its beginning, and tells its work', async () => {
      const held = new HeldWork();
      const clock = new VirtualClock();
      const queue = new InMemoryTaskQueue({ ...one, timeout: '30s', clock, name: 'posting' }, held.work);
      const a = caught(() => queue.submit('a'));
      const b = queue.submit('b');
      await clock.advance('29s');
      expect(held.signalOf('a').aborted).to.be.false;
      await clock.advance('1s');
      const error = await a;
      expect(error).to.include({ code: 'TASK_TIMED_OUT', message: 'a task of posting took longer than 30s' });
      expect(held.signalOf('a').reason).to.equal(error);
      await held.finish('a');
      await clock.advance('29s');
      await held.finish('b');
      expect(await b).to.equal('b done');
      expect(clock.pending()).to.equal(0);
    });

    it('and gives its lane away only when its work has really ended', async () => {
      const held = new HeldWork();
      const clock = new VirtualClock();
      const queue = new InMemoryTaskQueue({ ...one, timeout: '30s', clock }, held.work);
      const a = caught(() => queue.submit('a'));
      const b = queue.submit('b');
      await clock.advance('31s');
      await a;
      expect(held.begun).to.deep.equal(['a']);
      expect(queue).to.include({ size: 2, running: 1, failed: 0 });
      await held.fail('a', new Error('what a task that was told to stop throws is dropped'));
      expect(held.begun).to.deep.equal(['a', 'b']);
      expect(queue).to.include({ size: 1, running: 1, failed: 1 });
      await held.finish('b');
      await b;
    });

    it('of its own rather than that of the queue', async () => {
      const held = new HeldWork();
      const clock = new VirtualClock();
      const queue = new InMemoryTaskQueue({ ...one, concurrency: 2, timeout: '30s', clock }, held.work);
      const short = caught(() => queue.submit('short', { timeout: '1s' }));
      const long = queue.submit('long', { timeout: '1m' });
      await clock.advance('59s');
      expect((await short).message).to.equal('a task of queue took longer than 1s');
      await held.finish('short');
      await held.finish('long');
      expect(await long).to.equal('long done');
    });

    it('and tells work that asks for its signal only afterwards', async () => {
      const clock = new VirtualClock();
      let wasAborted = false;
      const queue = new InMemoryTaskQueue({ ...one, timeout: '1s', clock }, async (_item: string, context) => {
        await clock.sleep(2_000);
        wasAborted = context.signal.aborted;
      });
      const a = caught(() => queue.submit('a'));
      await clock.advance('2s');
      expect((await a).code).to.equal('TASK_TIMED_OUT');
      expect(wasAborted).to.be.true;
    });

    it('and tells onError of pushed ones, once', async () => {
      const held = new HeldWork();
      const clock = new VirtualClock();
      const errors: unknown[] = [];
      const onError = (error: unknown, item: string) => errors.push([(error as PlbaError).code, item]);
      const queue = new InMemoryTaskQueue({ ...one, timeout: '30s', clock, onError }, held.work);
      void queue.push('a');
      await clock.advance('30s');
      await held.fail('a', new Error('late'));
      expect(errors).to.deep.equal([['TASK_TIMED_OUT', 'a']]);
    });
  });

  describe('by their signal', () => {
    const reason = new Error('the user went away');

    it('before they begin: they never do', async () => {
      const held = new HeldWork();
      const queue = new InMemoryTaskQueue(one, held.work);
      void queue.push('a');
      const abort = new AbortController();
      const b = caught(() => queue.submit('b', { signal: abort.signal }));
      const c = queue.submit('c');
      abort.abort(reason);
      expect(await b).to.include({ code: 'TASK_ABORTED', cause: reason });
      expect(queue).to.include({ size: 2, failed: 1 });
      await held.finish('a');
      await held.finish('c');
      await c;
      expect(held.begun).to.deep.equal(['a', 'c']);
    });

    it('at work: the work is told, and keeps its lane until it has ended', async () => {
      const held = new HeldWork();
      const queue = new InMemoryTaskQueue(one, held.work);
      const abort = new AbortController();
      const a = caught(() => queue.submit('a', { signal: abort.signal }));
      void queue.push('b');
      await aTurn();
      abort.abort(reason);
      const error = await a;
      expect(error).to.include({ code: 'TASK_ABORTED', cause: reason });
      expect(held.signalOf('a').reason).to.equal(error);
      expect(held.begun).to.deep.equal(['a']);
      await held.finish('a');
      expect(held.begun).to.deep.equal(['a', 'b']);
      expect(queue).to.include({ done: 0, failed: 1 });
      await held.finish('b');
    });

    it('while they wait for a place: they are not accepted', async () => {
      const held = new HeldWork();
      const queue = new InMemoryTaskQueue({ ...one, capacity: 1 }, held.work);
      void queue.push('a');
      const abort = new AbortController();
      const b = caught(() => queue.push('b', { signal: abort.signal }));
      const c = caught(() => queue.submit('c', { signal: abort.signal }));
      const accepted = queue.push('d');
      abort.abort(reason);
      expect([(await b).code, (await c).code]).to.deep.equal(['TASK_ABORTED', 'TASK_ABORTED']);
      expect(queue).to.include({ blocked: 1, failed: 0 });
      await held.finish('a');
      await accepted;
      await held.finish('d');
      expect(held.begun).to.deep.equal(['a', 'd']);
    });

    it('and give their place to whoever waits for one', async () => {
      const held = new HeldWork();
      const queue = new InMemoryTaskQueue({ ...one, capacity: 2 }, held.work);
      void queue.push('a');
      await aTurn();
      const abort = new AbortController();
      void queue.push('b', { signal: abort.signal });
      const accepted = queue.push('c');
      abort.abort();
      await accepted;
      expect(queue).to.include({ size: 2, blocked: 0 });
      await held.finish('a');
      await held.finish('c');
    });

    it('that has aborted already: they are refused', async () => {
      const queue = new InMemoryTaskQueue(one, () => expect.fail('must not begin'));
      const signal = AbortSignal.abort(reason);
      expect(() => queue.push('a', { signal }))
        .to.throw(PlbaError)
        .with.property('code', 'TASK_ABORTED');
      expect(await caught(() => queue.submit('b', { signal }))).to.include({ code: 'TASK_ABORTED', cause: reason });
      expect(queue.size).to.equal(0);
    });

    it('and listen to it once, however many share it, and no longer than they last', async () => {
      const held = new HeldWork();
      const queue = new InMemoryTaskQueue(one, held.work);
      const { signal } = new AbortController();
      void queue.push('a', { signal });
      void queue.push('b', { signal });
      const c = queue.submit('c', { signal });
      expect(getEventListeners(signal, 'abort')).to.have.length(1);
      await aTurn();
      for (const item of ['a', 'b', 'c']) await held.finish(item);
      await c;
      expect(getEventListeners(signal, 'abort')).to.be.empty;
    });

    it('and are told to onError, but to nobody else: whoever aborts knows', async () => {
      const errors: unknown[] = [];
      const onError = (error: unknown, item: string) => errors.push([(error as PlbaError).code, item]);
      for (const options of [{}, { onError }]) {
        const held = new HeldWork();
        const queue = new InMemoryTaskQueue({ ...one, ...options }, held.work);
        const abort = new AbortController();
        const unhandled = await processErrorsDuring('unhandledRejection', async () => {
          void queue.push('running', { signal: abort.signal });
          void queue.push('waiting', { signal: abort.signal });
          await aTurn();
          abort.abort();
          await held.finish('running');
        });
        expect(unhandled).to.deep.equal([]);
      }
      expect(errors).to.deep.equal([
        ['TASK_ABORTED', 'running'],
        ['TASK_ABORTED', 'waiting'],
      ]);
    });

    it('and not a second time when the queue is closed because of it', async () => {
      const held = new HeldWork();
      const errors: unknown[] = [];
      const abort = new AbortController();
      const queue: InMemoryTaskQueue<string> = new InMemoryTaskQueue<string>(
        {
          ...one,
          onError: (error, item) => {
            errors.push([(error as PlbaError).code, item]);
            void queue.close({ abort: true });
          },
        },
        held.work,
      );
      for (const item of ['a', 'b', 'c']) void queue.push(item, { signal: abort.signal });
      await aTurn();
      abort.abort();
      await held.finish('a');
      expect(errors).to.deep.equal([
        ['TASK_ABORTED', 'a'],
        ['QUEUE_CLOSED', 'b'],
        ['QUEUE_CLOSED', 'c'],
      ]);
      expect(queue).to.include({ size: 0, failed: 3 });
    });

    it('and leave the others in order, however many they are', async () => {
      const held = new HeldWork();
      const queue = new InMemoryTaskQueue({ ...one, capacity: 20 }, held.work);
      void queue.push('a');
      await aTurn();
      for (let round = 0; round < 1_000; round++) {
        const abort = new AbortController();
        const task = queue.submit('aborted', { signal: abort.signal });
        task.catch(() => undefined);
        if (round % 100 === 0) void queue.push(`kept ${round}`);
        abort.abort();
      }
      expect(queue).to.include({ size: 11, failed: 1_000 });
      await held.finish('a');
      for (let round = 0; round < 1_000; round += 100) await held.finish(`kept ${round}`);
      await queue.drain();
      expect(held.begun).to.deep.equal(['a', ...Array.from({ length: 10 }, (_, index) => `kept ${index * 100}`)]);
    });
  });

  describe('by close', () => {
    it('those that wait, and lets those that run finish', async () => {
      const held = new HeldWork();
      const queue = new InMemoryTaskQueue({ ...one, capacity: 2, name: 'posting' }, held.work);
      const a = queue.submit('a');
      await aTurn();
      const b = caught(() => queue.submit('b'));
      const c = caught(() => queue.push('c'));
      let isClosed = false;
      const closed = queue.close().then((report) => {
        isClosed = true;
        return report;
      });
      expect(await b).to.include({ code: 'QUEUE_CLOSED', message: 'posting was closed before the task began' });
      expect((await c).code).to.equal('QUEUE_CLOSED');
      expect(isClosed).to.be.false;
      expect(held.signalOf('a').aborted).to.be.false;
      await held.finish('a');
      expect(await a).to.equal('a done');
      expect(await closed).to.deep.equal({ dropped: 1 });
      expect(held.begun).to.deep.equal(['a']);
    });

    it('and takes no more', async () => {
      const queue = new InMemoryTaskQueue({ ...one, name: 'posting' }, () => undefined);
      expect(await queue.close()).to.deep.equal({ dropped: 0 });
      expect(queue.isClosed).to.be.true;
      expect(() => queue.push('a'))
        .to.throw(PlbaError, 'posting is closed')
        .with.property('code', 'QUEUE_CLOSED');
      expect((await caught(() => queue.submit('b'))).code).to.equal('QUEUE_CLOSED');
    });

    it('also those that run, when told to abort, at first or later', async () => {
      const held = new HeldWork();
      const queue = new InMemoryTaskQueue({ ...one, concurrency: 2 }, held.work);
      const a = caught(() => queue.submit('a'));
      void queue.push('b');
      await aTurn();
      const closed = queue.close();
      const aborted = queue.close({ abort: true });
      expect((await a).code).to.equal('TASK_ABORTED');
      expect(held.signalOf('b').aborted).to.be.true;
      expect(queue.running).to.equal(2);
      await held.finish('a');
      await held.fail('b', new Error('dropped'));
      expect(await Promise.all([closed, aborted])).to.deep.equal([{ dropped: 0 }, { dropped: 0 }]);
    });

    it('and tells onError of pushed ones, and the caller how many were dropped', async () => {
      const errors: unknown[] = [];
      const onError = (error: unknown, item: string) => errors.push([(error as PlbaError).code, item]);
      const held = new HeldWork();
      const queue = new InMemoryTaskQueue({ ...one, onError }, held.work);
      for (const item of ['a', 'b', 'c']) void queue.push(item);
      await aTurn();
      const drained = queue.drain();
      const closed = queue.close({ abort: true });
      await held.finish('a');
      await drained;
      expect(await closed).to.deep.equal({ dropped: 2 });
      expect(errors).to.deep.equal([
        ['QUEUE_CLOSED', 'b'],
        ['QUEUE_CLOSED', 'c'],
        ['TASK_ABORTED', 'a'],
      ]);
      expect(queue).to.include({ size: 0, done: 0, failed: 3 });
    });

    it('once, although onError uses the queue meanwhile', async () => {
      const held = new HeldWork();
      const errors: string[] = [];
      const queue: InMemoryTaskQueue<string> = new InMemoryTaskQueue<string>(
        {
          ...one,
          onError: (_error, item) => {
            errors.push(item);
            void queue.close();
            expect(() => queue.push('again'))
              .to.throw(PlbaError)
              .with.property('code', 'QUEUE_CLOSED');
          },
        },
        held.work,
      );
      for (const item of ['a', 'b', 'c', 'd']) void queue.push(item);
      await aTurn();
      const closed = queue.close();
      await held.finish('a');
      expect(await closed).to.deep.equal({ dropped: 3 });
      expect(errors).to.deep.equal(['b', 'c', 'd']);
    });

    it('and wakes whoever waits for it to drain', async () => {
      const queue = new InMemoryTaskQueue<string>(one, () => undefined);
      void queue.push('a');
      const drained = queue.drain();
      const closed = queue.close();
      await drained;
      expect(await closed).to.deep.equal({ dropped: 1 });
    });
  });
});
