import { expect } from 'chai';
import { ProbeMemory } from '../../../src/health/probe-memory.js';

describe('the memory that the thread for probes reads', () => {
  it('says which run of a worker is in progress, also after more runs than 32 bits can count', () => {
    const memory = new ProbeMemory([''], 2);
    memory.began(0, 0);
    memory.began(1, 2 ** 32 + 4);
    expect([...memory.runs]).to.deep.equal([2, 1, 2 ** 32 + 5]);
    memory.ended(0);
    expect([...memory.runs]).to.deep.equal([2, 0, 2 ** 32 + 5]);
  });

  it('says the status, since when, and the phase that is the reason', () => {
    const memory = new ProbeMemory(['', 'live'], 0);
    const since = new Date('2026-01-05T08:00:00Z');
    memory.write((group) =>
      group === '' ? { status: 'unhealthy', since, reason: 'stopping' } : { status: 'ok', since },
    );
    const [, whole = 0n, live = 0n] = memory.states;
    expect([whole & 3n, (whole >> 2n) & 3n, Number(whole >> 4n)]).to.deep.equal([2n, 2n, since.getTime()]);
    expect([live & 3n, (live >> 2n) & 3n]).to.deep.equal([0n, 0n]);
  });
});
