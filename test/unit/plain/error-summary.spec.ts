import { expect } from 'chai';
import type { ErrorSummary } from '../../../src/contracts/error-summary.js';
import { PlbaError } from '../../../src/errors.js';
import { summarizeError } from '../../../src/plain/error-summary.js';

function withCause(error: Error, cause: unknown): Error {
  return Object.assign(error, { cause });
}

function circle(): Error {
  const inner = new Error('inner');
  const outer = withCause(new Error('outer'), inner);
  withCause(inner, outer);
  return outer;
}

function throwing(property: string): Error {
  return Object.defineProperty(new Error('no route'), property, {
    get: () => {
      throw new Error('not even this');
    },
  });
}

const nasty: readonly [what: string, thrown: unknown, summary: Partial<ErrorSummary>][] = [
  ['nothing', undefined, { name: 'Error', message: 'undefined' }],
  ['null', null, { message: 'null' }],
  ['a text', 'no route', { message: 'no route' }],
  ['a symbol', Symbol('no route'), { message: 'Symbol(no route)' }],
  ['a number that JSON does not know', 10n, { message: '10' }],
  ['an object', { why: 'no route' }, { message: '{"why":"no route"}' }],
  ['an object without a prototype', Object.create(null), { message: '{}' }],
  ['an error of PLBA', new PlbaError('RUN_ABORTED', 'x', { hint: 'y' }), { code: 'RUN_ABORTED', hint: 'y' }],
  ['a frozen error', Object.freeze(new TypeError('no route')), { name: 'TypeError', message: 'no route' }],
  ['an error that is its own cause', circle(), { message: 'outer', causes: ['inner'] }],
  ['an error whose message is an object', Object.assign(new Error(), { message: { a: 1 } }), { message: '{"a":1}' }],
  ['an error whose name is a symbol', Object.assign(new Error('x'), { name: Symbol('y') }), { name: 'Symbol(y)' }],
  [
    'an error whose cause has no text',
    withCause(new Error('x'), Object.assign(new Error(), { message: 7 })),
    { causes: ['7'] },
  ],
  ['an error whose message throws', throwing('message'), { message: 'an error that cannot be read' }],
  ['an error whose cause throws', throwing('cause'), { message: 'no route' }],
  ['several errors', new AggregateError([new Error('a'), 'b']), { message: 'a; b' }],
  [
    'a proxy that refuses everything',
    new Proxy(
      {},
      {
        getPrototypeOf: () => {
          throw new Error('no');
        },
      },
    ),
    { message: 'an error that cannot be read' },
  ],
];

describe('the summary of an error', () => {
  for (const [what, thrown, expected] of nasty) {
    it(`can be made of ${what}, and is text`, () => {
      const summary = summarizeError(thrown);
      expect(summary).to.deep.include(expected);
      const { name, message, code = '', hint = '', causes = [] } = summary;
      for (const text of [name, message, code, hint, ...causes]) expect(text).to.be.a('string');
    });
  }

  it('has an end, however long the error and its chain are', () => {
    const long = 'x'.repeat(1_000_000);
    let error = new Error(long);
    for (let depth = 0; depth < 100; depth++) error = new Error(long, { cause: error });
    expect(JSON.stringify(summarizeError(error)).length).to.be.below(100_000);
    expect(summarizeError(long).message.length).to.be.below(10_000);
  });
});
