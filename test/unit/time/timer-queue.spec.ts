import { expect } from 'chai';
import fc from 'fast-check';
import { PlbaError } from '../../../src/errors.js';
import { type QueuedTimer, TimerQueue } from '../../../src/time/timer-queue.js';

const nothing = () => undefined;

function takeAll(queue: TimerQueue, nowMs = Infinity): number[] {
  const taken: number[] = [];
  for (let timer = queue.takeDue(nowMs); timer; timer = queue.takeDue(nowMs)) taken.push(timer.sequence);
  return taken;
}

describe('TimerQueue', () => {
  it('gives timers by due time, and those of the same time as they came', () => {
    const queue = new TimerQueue();
    for (const dueAtMs of [30, 10, 20, 10, 0]) queue.add(dueAtMs, nothing);
    expect(takeAll(queue)).to.deep.equal([4, 1, 3, 2, 0]);
  });

  it('gives only what is due', () => {
    const queue = new TimerQueue();
    queue.add(10, nothing);
    queue.add(20, nothing);
    expect(takeAll(queue, 9.9)).to.deep.equal([]);
    expect(takeAll(queue, 10)).to.deep.equal([0]);
    expect(queue.size).to.equal(1);
  });

  it('tells when a timer was called off, once', () => {
    let cancelled = 0;
    const queue = new TimerQueue(() => cancelled++);
    const timer = queue.add(10, nothing);
    timer.cancel();
    timer.cancel();
    expect(cancelled).to.equal(1);
    expect(queue.size).to.equal(0);
  });

  it('does not mind the cancel of a timer that was taken out', () => {
    const queue = new TimerQueue(() => expect.fail('nothing was called off'));
    const timer = queue.add(10, nothing);
    queue.add(10, nothing);
    queue.takeDue(10);
    timer.cancel();
    expect(queue.size).to.equal(1);
  });

  it('keeps the order when the one that fills a gap is due before those above it', () => {
    const queue = new TimerQueue();
    const timers = [1, 10, 2, 11, 12, 3, 4].map((dueAtMs) => queue.add(dueAtMs, nothing));
    timers[3]?.cancel();
    expect(queue.list().map((timer) => timer.dueAtMs)).to.deep.equal([1, 2, 3, 4, 10, 12]);
    expect(takeAll(queue)).to.deep.equal([0, 2, 5, 6, 1, 4]);
  });

  it('counts the timers that keep the process alive', () => {
    const queue = new TimerQueue();
    const kept = queue.add(10, nothing);
    queue.add(5, nothing, false);
    queue.add(20, nothing, true);
    expect(queue.keepAliveCount).to.equal(2);
    kept.cancel();
    takeAll(queue, 5);
    expect(queue.keepAliveCount).to.equal(1);
  });

  it('refuses NaN, which would undo the order of all others', () => {
    expect(() => new TimerQueue().add(NaN, nothing))
      .to.throw(PlbaError)
      .with.property('code', 'DURATION_INVALID');
  });

  it('agrees with a sorted list, whatever is added, cancelled and taken', () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ add: fc.integer({ min: 0, max: 50 }), keepAlive: fc.boolean() }) },
      { weight: 1, arbitrary: fc.record({ cancel: fc.nat() }) },
      { weight: 1, arbitrary: fc.record({ takeAt: fc.integer({ min: 0, max: 50 }) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200, size: 'max' }), (steps) => {
        const queue = new TimerQueue();
        let model: QueuedTimer[] = [];
        const all: QueuedTimer[] = [];
        for (const action of steps) {
          if ('add' in action) {
            const timer = queue.add(action.add, nothing, action.keepAlive);
            all.push(timer);
            // Insertion behind equals keeps the model in the order in which timers are due.
            const index = model.findIndex((other) => other.dueAtMs > timer.dueAtMs);
            model.splice(index === -1 ? model.length : index, 0, timer);
          } else if ('cancel' in action) {
            const timer = all[action.cancel % Math.max(all.length, 1)];
            timer?.cancel();
            model = model.filter((other) => other !== timer);
          } else {
            const expected = (model[0]?.dueAtMs ?? Infinity) <= action.takeAt ? model.shift() : undefined;
            expect(queue.takeDue(action.takeAt)).to.equal(expected);
          }
          expect(queue.earliest).to.equal(model[0]);
          expect(queue.size).to.equal(model.length);
          expect(queue.keepAliveCount).to.equal(model.filter((timer) => timer.keepAlive).length);
        }
        expect(queue.list()).to.deep.equal(model);
        expect(takeAll(queue)).to.deep.equal(model.map((timer) => timer.sequence));
      }),
    );
  });
});
