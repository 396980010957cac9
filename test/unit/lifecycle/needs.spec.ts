import { expect } from 'chai';
import { checkNeeds, dependentsOf, longestChain, needsFirst } from '../../../src/lifecycle/needs.js';

const members = (needs: Readonly<Record<string, readonly string[]>>): { name: string; needs: readonly string[] }[] =>
  Object.entries(needs).map(([name, list]) => ({ name, needs: list }));

const chain = (length: number): Record<string, string[]> =>
  Object.fromEntries(Array.from({ length }, (_, i) => [`w${i}`, i === 0 ? [] : [`w${i - 1}`]]));

describe('needs', () => {
  it('may name workers and health contributors', () => {
    checkNeeds(members({ a: [], b: ['a', 'ledger'] }), ['ledger']);
  });

  it('that nobody can meet are refused, with the names there are', () => {
    expect(() => {
      checkNeeds(members({ a: ['legder'] }), ['ledger']);
    })
      .to.throw('worker "a" needs "legder"')
      .that.includes({ code: 'NEEDS_UNKNOWN' })
      .with.property('hint')
      .that.includes('ledger');
  });

  const circles: [needs: Record<string, string[]>, circle: string][] = [
    [{ a: ['a'] }, 'a -> a'],
    [{ a: ['b'], b: ['a'] }, 'a -> b -> a'],
    [{ x: ['a'], a: ['b'], b: ['c'], c: ['a'] }, 'a -> b -> c -> a'],
    [{ a: ['b', 'c'], b: [], c: ['d'], d: ['c'] }, 'c -> d -> c'],
  ];
  for (const [needs, circle] of circles) {
    it(`that go in the circle ${circle} are refused`, () => {
      expect(() => {
        checkNeeds(members(needs), []);
      })
        .to.throw(circle)
        .with.property('code', 'NEEDS_CYCLE');
    });
  }

  it('that meet again are no circle', () => {
    checkNeeds(members({ a: [], b: ['a'], c: ['a'], d: ['b', 'c'] }), []);
  });

  it('are put first, and everything else keeps its place', () => {
    const order = needsFirst(members({ d: ['b', 'c'], a: [], c: ['a'], b: ['a'], e: [] }));
    expect(order.map(({ name }) => name)).to.deep.equal(['a', 'b', 'c', 'd', 'e']);
  });

  it('are known from the other side', () => {
    const dependents = dependentsOf(members({ a: [], b: ['a'], c: ['a'] }));
    expect([...dependents]).to.deep.equal([['a', ['b', 'c']]]);
  });

  it('add up along the longest chain', () => {
    const budgetMs = ({ name }: { name: string }): number => (name === 'x' ? 2_500 : 1_000);
    const chained = members({ a: [], b: ['a'], c: ['b'], x: [] });
    expect(longestChain(chained, budgetMs)).to.deep.equal({ names: ['c', 'b', 'a'], totalMs: 3_000 });
    expect(longestChain([], budgetMs)).to.deep.equal({ names: [], totalMs: 0 });
  });

  it('may form a chain of ten thousand', () => {
    const long = members(chain(10_000));
    checkNeeds(long, []);
    expect(needsFirst([...long].reverse()).map(({ name }) => name)).to.deep.equal(long.map(({ name }) => name));
    expect(longestChain(long, () => 1).totalMs).to.equal(10_000);
  });
});
