import { expect } from 'chai';
import { LazyAbort } from '../../../src/time/lazy-abort.js';

describe('LazyAbort', () => {
  it('tells its listeners once, and not those that have left', () => {
    const abort = new LazyAbort();
    const told: string[] = [];
    const left = (): unknown => told.push('left');
    abort.addEventListener('abort', () => told.push('stayed'));
    abort.addEventListener('abort', left);
    abort.removeEventListener('abort', left);
    expect(abort.aborted).to.be.false;
    abort.abort();
    abort.abort();
    expect(abort.aborted).to.be.true;
    expect(told).to.deep.equal(['stayed']);
  });

  it('never tells who comes after', () => {
    const abort = new LazyAbort();
    abort.abort();
    abort.addEventListener('abort', () => expect.fail('told'));
    abort.abort();
  });

  it('gives a real signal, which aborts with it and with the first reason', () => {
    const abort = new LazyAbort();
    const { signal } = abort;
    expect(signal.aborted).to.be.false;
    const reason = new Error('first');
    abort.abort(reason);
    abort.abort(new Error('second'));
    expect(signal.aborted).to.be.true;
    expect(signal.reason).to.equal(reason);
    expect(abort.signal).to.equal(signal);
  });

  it('gives a signal that has aborted when it is asked for late', () => {
    const abort = new LazyAbort();
    const reason = new Error('long ago');
    abort.abort(reason);
    expect(abort.signal.aborted).to.be.true;
    expect(abort.signal.reason).to.equal(reason);
  });
});
