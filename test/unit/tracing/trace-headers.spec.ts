import { expect } from 'chai';
import fc from 'fast-check';
import { readTraceHeaders, writeTraceHeaders } from '../../../src/tracing/trace-headers.js';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const parent = `00-${traceId}-${spanId}-01`;

const stateOf = (tracestate: string | string[]): string | undefined =>
  readTraceHeaders({ traceparent: parent, tracestate })?.traceState?.serialize();

describe('the headers of a trace', () => {
  for (const [what, traceparent] of Object.entries({
    'as it should be': parent,
    'with blanks around it': ` \t${parent}\t `,
    'of a later version': `cc-${traceId}-${spanId}-01`,
    'of a later version that says more': `cc-${traceId}-${spanId}-01-what-the-future-brings`,
  }))
    it(`name the parent by a traceparent ${what}`, () => {
      expect(readTraceHeaders({ traceparent })).to.deep.equal({ traceId, spanId, traceFlags: 1, isRemote: true });
    });

  for (const [what, traceparent] of Object.entries({
    'of version ff': `ff-${traceId}-${spanId}-01`,
    'of version 00 that says more': `${parent}-more`,
    'of version 00 with a hyphen at the end': `${parent}-`,
    'of a later version that goes on without a hyphen': `cc-${traceId}-${spanId}-01.more`,
    'in upper case': parent.toUpperCase(),
    'with a version of one digit': parent.slice(1),
    'with a version of three digits': `0${parent}`,
    'with a version that is no number': `.0${parent.slice(2)}`,
    'with a trace id of zeros': `00-${'0'.repeat(32)}-${spanId}-01`,
    'with a trace id too long': `00-${traceId}0-${spanId}-01`,
    'with a trace id too short': `00-${traceId.slice(1)}-${spanId}-01`,
    'with a trace id that is no number': `00-.${traceId.slice(1)}-${spanId}-01`,
    'with a span id of zeros': `00-${traceId}-${'0'.repeat(16)}-01`,
    'with a span id too long': `00-${traceId}-${spanId}0-01`,
    'with a span id too short': `00-${traceId}-${spanId.slice(1)}-01`,
    'with flags too long': `00-${traceId}-${spanId}-001`,
    'with flags too short': `00-${traceId}-${spanId}-1`,
    'with flags that are no number': `00-${traceId}-${spanId}-.0`,
    'that is empty': '',
    'of two, as Node.js joins them': `${parent}, ${parent}`,
  }))
    it(`name no parent by a traceparent ${what}`, () => {
      expect(readTraceHeaders({ traceparent })).to.equal(undefined);
    });

  it('name no parent when there are two traceparents, or none', () => {
    expect(readTraceHeaders({ traceparent: [parent, parent] })).to.equal(undefined);
    expect(readTraceHeaders({ traceparent: parent, TraceParent: parent })).to.equal(undefined);
    expect(readTraceHeaders({ tracestate: 'foo=1' })).to.equal(undefined);
    expect(readTraceHeaders({ 'trace-parent': parent, 'trace.parent': parent })).to.equal(undefined);
  });

  it('are known in whatever case', () => {
    expect(readTraceHeaders({ TraceParent: parent, TRACESTATE: 'foo=1' })?.traceState?.get('foo')).to.equal('1');
  });

  for (const [flags, known] of [
    ['00', 0],
    ['01', 1],
    ['02', 2],
    ['03', 3],
    ['ff', 3],
    ['fc', 0],
  ] as const)
    it(`know of the flags ${flags} only whether it is sampled and random`, () => {
      expect(readTraceHeaders({ traceparent: `00-${traceId}-${spanId}-${flags}` })?.traceFlags).to.equal(known);
    });

  const longest = 'z'.repeat(256);
  const many = (count: number): string => Array.from({ length: count }, (_, at) => `k${at}=${at}`).join(',');
  for (const [tracestate, kept] of [
    ['foo=1,bar=2', 'foo=1,bar=2'],
    ['foo=1 \t , \t bar=2', 'foo=1,bar=2'],
    ['foo=1,,bar=2,', 'foo=1,bar=2'],
    [['foo=1', 'bar=2'], 'foo=1,bar=2'],
    ['foo=1,foo=2', 'foo=1'],
    [['foo=1', 'foo=1'], 'foo=1'],
    ['', undefined],
    ['foo@=1,bar=2', 'foo@=1,bar=2'],
    ['foo@@bar=1', 'foo@@bar=1'],
    ['@foo=1,bar=2', undefined],
    ['0foo_-*/=1', '0foo_-*/=1'],
    ['foo =1,bar=2', undefined],
    ['FOO=1', undefined],
    ['foo.bar=1', undefined],
    ['foo=bar=baz', undefined],
    ['foo=,bar=3', undefined],
    ['foo', undefined],
    ['=1', undefined],
    ['foo=a b', 'foo=a b'],
    ['foo=\u00e9', undefined],
    [`${longest}=1`, `${longest}=1`],
    [`foo=1,z${longest}=1`, undefined],
    [`foo=${longest}`, `foo=${longest}`],
    [`foo=z${longest}`, undefined],
    [many(32), many(32)],
    [many(33), undefined],
  ] as const)
    it(`take a tracestate ${JSON.stringify(tracestate).slice(0, 40)} as ${(kept ?? 'none').slice(0, 40)}`, () => {
      expect(stateOf(tracestate as string)).to.equal(kept);
    });

  it('stay a valid trace without a tracestate that breaks a rule', () => {
    expect(readTraceHeaders({ traceparent: parent, tracestate: 'FOO=1' })?.traceId).to.equal(traceId);
  });

  it('put what was written last in front, and drop the oldest of more than 32', () => {
    const state = readTraceHeaders({ traceparent: parent, tracestate: many(32) })?.traceState?.set('plba', 'x');
    expect(state?.serialize().startsWith('plba=x,k0=0')).to.equal(true);
    expect(state?.serialize().split(',')).to.have.length(32);
    expect(state?.set('FOO', 'x').serialize()).to.equal(state?.serialize());
    expect(state?.unset('plba').get('plba')).to.equal(undefined);
  });

  it('are written as they were read', () => {
    const hex = (length: number): fc.Arbitrary<string> =>
      fc
        .string({ unit: fc.constantFrom(...Array.from('0123456789abcdef')), minLength: length, maxLength: length })
        .filter((text) => !/^0+$/.test(text));
    fc.assert(
      fc.property(hex(32), hex(16), fc.integer({ min: 0, max: 3 }), (trace, span, flags) => {
        const headers = { traceparent: `00-${trace}-${span}-0${flags}`, tracestate: 'a=1,b=2' };
        const read = readTraceHeaders(headers);
        expect(read && writeTraceHeaders(read)).to.deep.equal(headers);
      }),
    );
  });

  it('never make reading throw, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (traceparent, tracestate) => {
        expect(() => readTraceHeaders({ traceparent, tracestate })).not.to.throw();
        expect(() => readTraceHeaders({ traceparent: parent, tracestate })).not.to.throw();
      }),
    );
  });
});
