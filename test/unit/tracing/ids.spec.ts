import { expect } from 'chai';
import { createSpanId, createTraceId } from '../../../src/tracing/ids.js';

describe('ids', () => {
  it('of traces are 32 lower-case hexadecimal digits, none twice', () => {
    const ids = Array.from({ length: 5_000 }, createTraceId);
    for (const id of ids) expect(id).to.match(/^(?!0+$)[0-9a-f]{32}$/);
    expect(new Set(ids)).to.have.property('size', 5_000);
  });

  it('of spans are 16 lower-case hexadecimal digits, none twice', () => {
    const ids = Array.from({ length: 5_000 }, createSpanId);
    for (const id of ids) expect(id).to.match(/^(?!0+$)[0-9a-f]{16}$/);
    expect(new Set(ids)).to.have.property('size', 5_000);
  });
});
