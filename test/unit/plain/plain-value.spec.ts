import { expect } from 'chai';
import { clip, plainFields, plainValue } from '../../../src/plain/plain-value.js';

/** Throws whatever is done to it. */
const hostileProxy = new Proxy(
  {},
  {
    get: () => {
      throw new Error('get');
    },
    ownKeys: () => {
      throw new Error('ownKeys');
    },
    getPrototypeOf: () => {
      throw new Error('getPrototypeOf');
    },
  },
);

const throwing = {
  get broken(): unknown {
    throw new Error('no');
  },
};

describe('plainValue', () => {
  const when = new Date('2026-01-05T00:00:00Z');
  const cases: [what: string, value: unknown, plain: unknown][] = [
    ['text', 'text', 'text'],
    ['a number', 1.5, 1.5],
    ['a number that JSON has not', NaN, 'NaN'],
    ['a BigInt', 12345678901234567890n, '12345678901234567890'],
    ['null', null, null],
    ['undefined', undefined, undefined],
    ['a function', () => 1, undefined],
    ['an object', { a: [1, { b: null }], c: undefined }, { a: [1, { b: null }] }],
    ['a hole in a list', [undefined, 1], [null, 1]],
    ['a date', when, '2026-01-05T00:00:00.000Z'],
    ['a date that is none', new Date(NaN), null],
    ['a URL', new URL('http://localhost/a'), 'http://localhost/a'],
    ['a Map', new Map([['a', 1]]), { a: 1 }],
    ['a Set', new Set([1, 2]), [1, 2]],
    ['bytes', Buffer.from('abc'), '[Buffer of 3 bytes]'],
    ['a getter that throws', throwing, { broken: '[unreadable]' }],
    ['a toJSON that throws', { toJSON: () => throwing.broken }, '[unreadable]'],
    ['a toJSON that gives a BigInt', { toJSON: () => 1n }, '1'],
    ['a proxy that throws', { a: hostileProxy }, { a: '[unreadable]' }],
  ];
  for (const [what, value, plain] of cases) {
    it(`takes ${what} over as plain data`, () => {
      expect(plainValue(value)).to.deep.equal(plain);
    });
  }

  it('breaks cycles, and leaves what only occurs twice', () => {
    const twice = { a: 1 };
    const cyclic: Record<string, unknown> = { x: twice, y: twice };
    cyclic['self'] = cyclic;
    expect(plainValue(cyclic)).to.deep.equal({ x: { a: 1 }, y: { a: 1 }, self: '[circular]' });
  });

  it('ends a toJSON that gives itself, or something new each time', () => {
    const self: Record<string, unknown> = {};
    self['toJSON'] = () => self;
    const fresh = (): object => ({ toJSON: fresh });
    expect(plainValue(self)).to.equal('[circular]');
    expect(plainValue(fresh())).to.equal('[more]');
  });

  it('goes only so deep', () => {
    let deep: unknown = 'bottom';
    for (let level = 0; level < 20_000; level++) deep = { deep };
    expect(JSON.stringify(plainValue(deep))).to.have.length.below(100);
  });

  it('goes only so wide', () => {
    expect(plainValue(Array.from({ length: 500 }, (_, i) => i))).to.have.length(101);
    expect(
      Object.keys(plainValue(Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${i}`, i]))) as object),
    ).to.have.length(101);
  });

  it('takes over only so many values in all, however they are spread', () => {
    const wide = (level: number): unknown => (level === 0 ? 1 : Array.from({ length: 50 }, () => wide(level - 1)));
    expect(JSON.stringify(plainValue(wide(3)))).to.have.length.below(20_000);
  });

  it('keeps a key called __proto__ as a key', () => {
    const plain = plainFields(JSON.parse('{"__proto__": {"polluted": true}, "a": 1}'));
    expect(Object.getPrototypeOf(plain)).to.equal(Object.prototype);
    expect(JSON.stringify(plain)).to.equal('{"__proto__":{"polluted":true},"a":1}');
  });
});

describe('plainFields', () => {
  it('gives no fields for what has none', () => {
    for (const value of [undefined, 'text', [1], hostileProxy]) expect(plainFields(value)).to.deep.equal({});
  });
});

describe('clip', () => {
  it('says how much it left out', () => {
    expect(clip('abcdef', 6)).to.equal('abcdef');
    expect(clip('abcdef', 4)).to.equal('abcd… (2 more characters)');
  });
});
