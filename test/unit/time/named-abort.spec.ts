import { expect } from 'chai';
import { abortOf, listenerAtFault } from '../../../src/time/named-abort.js';
import { processErrorsDuring } from '../../support/process-errors.js';

/** Who is said to be at fault for each exception that comes of `work`. */
const faults = (work: () => unknown): Promise<unknown[]> =>
  processErrorsDuring('uncaughtException', work, (error) => [(error as Error).message, listenerAtFault()]);

function trapped(...messages: string[]): AbortController {
  const controller = new AbortController();
  for (const message of messages) {
    controller.signal.addEventListener('abort', () => {
      throw new Error(message);
    });
  }
  return controller;
}

describe('an exception that nobody catches', () => {
  it('is named after whoever listened to the abort, each of several after its own', async () => {
    const named = await faults(() => {
      abortOf('worker "a"', trapped('a1', 'a2'));
      abortOf('worker "b"', trapped('b1'));
    });
    expect(named).to.deep.equal([
      ['a1', 'worker "a"'],
      ['a2', 'worker "a"'],
      ['b1', 'worker "b"'],
    ]);
  });

  it('is named after nobody when it comes of something else', async () => {
    const named = await faults(() => {
      process.nextTick(() => {
        throw new Error('before');
      });
      abortOf('worker "a"', new AbortController());
      process.nextTick(() => {
        throw new Error('after');
      });
    });
    expect(named).to.deep.equal([
      ['before', undefined],
      ['after', undefined],
    ]);
  });

  it('is named after its own abort also when a listener aborts something else in between', async () => {
    const run = trapped('r1');
    run.signal.addEventListener('abort', () => {
      abortOf('a task', trapped('t1'));
    });
    run.signal.addEventListener('abort', () => {
      throw new Error('r2');
    });
    const named = await faults(() => {
      abortOf('run 1', run);
      process.nextTick(() => {
        throw new Error('after');
      });
    });
    expect(named).to.deep.equal([
      ['r1', 'run 1'],
      ['t1', 'a task'],
      ['r2', 'run 1'],
      ['after', undefined],
    ]);
  });

  it('is named also when the signal that threw only follows the one that was aborted', async () => {
    const controller = new AbortController();
    const following = AbortSignal.any([controller.signal]);
    following.addEventListener('abort', () => {
      throw new Error('follower');
    });
    const named = await faults(() => {
      abortOf('worker "a"', controller);
    });
    expect(named).to.deep.equal([['follower', 'worker "a"']]);
  });
});
