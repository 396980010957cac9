import { expect } from 'chai';
import fc from 'fast-check';
import { ChunkedQueue } from '../../../src/queue/chunked-queue.js';

describe('ChunkedQueue', () => {
  it('gives what came first, first, over many chunks', () => {
    const queue = new ChunkedQueue<number>();
    for (let item = 0; item < 5_000; item++) queue.push(item);
    expect(queue.length).to.equal(5_000);
    for (let item = 0; item < 5_000; item++) expect(queue.shift()).to.equal(item);
    expect(queue.length).to.equal(0);
    expect(queue.shift()).to.be.undefined;
  });

  it('agrees with an array, whatever is pushed, shifted and removed', () => {
    const step = fc.oneof(
      fc.record({ push: fc.integer({ min: 1, max: 700 }) }),
      fc.record({ shift: fc.integer({ min: 1, max: 700 }) }),
      fc.record({ removeMultiplesOf: fc.integer({ min: 2, max: 5 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const queue = new ChunkedQueue<number>();
        let model: number[] = [];
        let next = 0;
        for (const action of steps) {
          if ('push' in action) {
            for (let count = action.push; count > 0; count--) {
              queue.push(next);
              model.push(next++);
            }
          } else if ('shift' in action) {
            for (let count = action.shift; count > 0; count--) {
              if (queue.shift() !== model.shift()) throw new Error('out of order');
            }
          } else {
            const isUnwanted = (item: number) => item % action.removeMultiplesOf === 0;
            queue.removeWhere(isUnwanted);
            model = model.filter((item) => !isUnwanted(item));
          }
          expect(queue.length).to.equal(model.length);
        }
        expect(Array.from(model, () => queue.shift())).to.deep.equal(model);
      }),
    );
  });
});
