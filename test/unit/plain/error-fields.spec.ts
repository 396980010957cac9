import { expect } from 'chai';
import { errorFields, errorMessage } from '../../../src/plain/error-fields.js';

describe('errorFields', () => {
  it('gives type, message, code, stack and plain facts of an error', () => {
    const error = Object.assign(new TypeError('no table'), { code: '42P01', detail: 'x', position: 7, fatal: true });
    const { stack, ...fields } = errorFields(error);
    expect(fields).to.deep.equal({
      type: 'TypeError',
      message: 'no table',
      code: '42P01',
      detail: 'x',
      position: 7,
      fatal: true,
    });
    expect(stack).to.match(/^TypeError: no table\n {4}at /);
  });

  it('leaves out objects: they hold requests and their credentials', () => {
    const error = Object.assign(new Error('401'), { request: { headers: { authorization: 'Bearer x' } } });
    expect(errorFields(error)).not.to.have.property('request');
  });

  it('follows the causes', () => {
    const root = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    const { cause } = errorFields(new Error('outer', { cause: new Error('middle', { cause: root }) }));
    expect(cause).to.include({ message: 'middle' });
    expect(cause?.cause).to.include({ message: 'refused', code: 'ECONNREFUSED' });
  });

  it('says so when causes go round in a circle', () => {
    const error = new Error('a');
    error.cause = new Error('b', { cause: error });
    expect(errorFields(error).cause?.cause).to.deep.equal({ type: 'Error', message: '[circular]' });
  });

  it('ends an endless chain of causes', () => {
    let error = new Error('0');
    for (let i = 1; i < 1000; i++) error = new Error(String(i), { cause: error });
    expect(JSON.stringify(errorFields(error)).match(/"message"/g)).to.have.length(10);
  });

  it('shows the errors that an AggregateError puts together', () => {
    const { errors } = errorFields(new AggregateError([new Error('a'), 'b'], 'both'));
    expect(errors?.map(({ type, message }) => [type, message])).to.deep.equal([
      ['Error', 'a'],
      ['string', 'b'],
    ]);
  });

  const trap = (): never => {
    throw new Error('trap');
  };
  const things: [what: string, thrown: unknown, type: string, message: string][] = [
    ['text', 'plain text', 'string', 'plain text'],
    ['an empty text', '', 'string', 'no message (empty string)'],
    ['nothing', undefined, 'undefined', 'undefined'],
    ['null', null, 'null', 'null'],
    ['a number', 7, 'number', '7'],
    ['a symbol', Symbol('s'), 'symbol', 'Symbol(s)'],
    ['an object without a prototype', Object.create(null), 'object', 'no message (object)'],
    ['an object like an error', { name: 'Odd', message: 'odd' }, 'Odd', 'odd'],
    ['an error without a message', new Error(''), 'Error', 'no message (Error)'],
    ['a frozen error', Object.freeze(new Error('frozen')), 'Error', 'frozen'],
    [
      'an error whose message throws',
      Object.defineProperty(new Error('x'), 'message', { get: trap }),
      'Error',
      'no message (Error)',
    ],
    [
      'a proxy that throws',
      new Proxy({}, { get: trap, ownKeys: trap, getPrototypeOf: trap }),
      'object',
      'no message (object)',
    ],
    ['a revoked proxy', revoked(), 'object', 'no message (object)'],
  ];
  for (const [what, thrown, type, message] of things) {
    it(`reads ${what}`, () => {
      expect(errorFields(thrown)).to.include({ type, message });
      expect(errorMessage(thrown)).to.equal(message);
    });
  }
});

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
