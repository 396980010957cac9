import { expect } from 'chai';
import { VirtualClock } from 'plba/testing';

/** The order in which five timers of one instant, or five who yield, come to their turn. */
async function orderOf(seed: number | undefined, kind: 'timers' | 'soon' | 'yields'): Promise<string> {
  const clock = new VirtualClock(seed === undefined ? {} : { seed });
  const order: string[] = [];
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    if (kind === 'yields') void clock.yield().then(() => order.push(name));
    else clock.setTimer(kind === 'soon' ? 0 : 10, () => order.push(name));
  }
  await clock.advance(10);
  return order.join('');
}

describe('a seed of a virtual clock', () => {
  for (const kind of ['timers', 'soon', 'yields'] as const) {
    it(`decides the order of simultaneous events, and the same seed decides the same: ${kind}`, async () => {
      const seeds = Array.from({ length: 50 }, (_, index) => index);
      const orders = await Promise.all(seeds.map((seed) => orderOf(seed, kind)));
      expect(await Promise.all(seeds.map((seed) => orderOf(seed, kind)))).to.deep.equal(orders);
      expect(new Set(orders)).to.have.property('size').above(20);
      for (const order of orders) expect(Array.from(order).sort().join('')).to.equal('abcde');
    });

    it(`is not there by default, where what was set first comes first: ${kind}`, async () => {
      expect(await orderOf(undefined, kind)).to.equal('abcde');
    });
  }

  it('decides whether promises settle between two timers of one instant', async () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 30; seed++) {
      const clock = new VirtualClock({ seed });
      const order: string[] = [];
      for (let timer = 0; timer < 2; timer++) {
        clock.setTimer(10, () => {
          order.push('timer');
          void Promise.resolve().then(() => order.push('promise'));
        });
      }
      await clock.advance(10);
      seen.add(order.join(' '));
    }
    expect([...seen]).to.have.members(['timer promise timer promise', 'timer timer promise promise']);
  });

  it('keeps the order of different instants', async () => {
    const clock = new VirtualClock({ seed: 3 });
    const fired: number[] = [];
    for (const delayMs of [30, 10, 20]) clock.setTimer(delayMs, () => fired.push(delayMs));
    await clock.advance(30);
    expect(fired).to.deep.equal([10, 20, 30]);
  });
});
