import { type Context, ROOT_CONTEXT } from '@opentelemetry/api';
import { expect } from 'chai';
import fc from 'fast-check';
import { LinkedContext } from '../../../src/tracing/linked-context.js';

const keys = ['span', 'baggage', 'scrub', 'else'].map((name) => Symbol(name));
const first = Symbol('first');
const valuesOf = (context: Context): unknown[] => [...keys, first].map((key) => context.getValue(key));

describe('a context that is linked to the one below', () => {
  const step = fc.record({
    from: fc.nat(),
    key: fc.constantFrom(...keys),
    value: fc.option(fc.integer(), { nil: undefined }),
    isDeleted: fc.boolean(),
  });

  it('is what a copy would be, whatever is set and deleted, and leaves the ones below as they are', () => {
    const property = fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const linked: Context[] = [new LinkedContext(ROOT_CONTEXT, first, 'root')];
      const copied: Context[] = [ROOT_CONTEXT.setValue(first, 'root')];
      for (const { from, key, value, isDeleted } of steps) {
        // Mostly on top of the last one, so that chains get long.
        const at = from % 4 === 0 ? from % linked.length : linked.length - 1;
        const grow = (context: Context | undefined): Context => {
          const base = context ?? ROOT_CONTEXT;
          return isDeleted ? base.deleteValue(key) : base.setValue(key, value);
        };
        linked.push(grow(linked[at]));
        copied.push(grow(copied[at]));
      }
      expect(linked.map(valuesOf)).to.deep.equal(copied.map(valuesOf));
    });
    fc.assert(property);
  });

  it('is looked through in a few steps, however much was set on top of each other', () => {
    let context: Context = new LinkedContext(ROOT_CONTEXT, first, 'root');
    for (let i = 0; i < 100_000; i++) context = context.setValue(keys[i % keys.length] ?? first, i);
    expect(valuesOf(context)).to.deep.equal([99_996, 99_997, 99_998, 99_999, 'root']);
  });
});
