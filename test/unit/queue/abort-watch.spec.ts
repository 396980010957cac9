import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import { AbortWatch } from '../../../src/queue/abort-watch.js';

describe('AbortWatch', () => {
  it('tells of each member of the signal that aborts, with the reason, and of no other', () => {
    const told: unknown[] = [];
    const watch = new AbortWatch<string>((member, reason) => told.push([member, reason]));
    const first = new AbortController();
    const second = new AbortController();
    watch.add(first.signal, 'a');
    watch.add(second.signal, 'b');
    watch.add(first.signal, 'c');
    first.abort('enough');
    expect(told).to.deep.equal([
      ['a', 'enough'],
      ['c', 'enough'],
    ]);
  });

  it('does not tell of a member that was removed', () => {
    const watch = new AbortWatch<string>((member) => expect(member).to.equal('b'));
    const abort = new AbortController();
    watch.add(abort.signal, 'a');
    watch.add(abort.signal, 'b');
    watch.remove(abort.signal, 'a');
    watch.remove(abort.signal, 'a');
    abort.abort();
  });

  it('has one listener per signal, as long as there is a member', () => {
    const watch = new AbortWatch<number>(() => undefined);
    const { signal } = new AbortController();
    for (let member = 0; member < 1_000; member++) watch.add(signal, member);
    expect(getEventListeners(signal, 'abort')).to.have.length(1);
    for (let member = 0; member < 1_000; member++) watch.remove(signal, member);
    expect(getEventListeners(signal, 'abort')).to.be.empty;
  });
});
