import { expect } from 'chai';
import { checkStopBudget, clipBudget, findTightChain } from '../../../src/lifecycle/stop-budget.js';

describe('the stop budget', () => {
  it('must fit into what the platform grants', () => {
    checkStopBudget({ timeoutMs: 25_000, delayMs: 5_000, graceMs: 30_000 });
    expect(() => {
      checkStopBudget({ timeoutMs: 25_000, delayMs: 5_001, graceMs: 30_000 });
    })
      .to.throw('plba.shutdown.grace (30s)')
      .with.property('code', 'STOP_BUDGET_EXCEEDS_GRACE');
  });

  const table: [rule: string, remainingMs: number, drainMs: number, abortMs: number][] = [
    ['stays whole while there is time', 10_000, 5_000, 2_000],
    ['gives up draining first', 4_000, 2_000, 2_000],
    ['keeps the time to abort', 2_000, 0, 2_000],
    ['shortens that last', 500, 0, 500],
    ['is nothing at the deadline', 0, 0, 0],
    ['is nothing after it', -100, 0, 0],
  ];
  for (const [rule, remainingMs, drainMs, abortMs] of table) {
    it(`of a worker ${rule}`, () => {
      expect(clipBudget({ drainMs: 5_000, abortMs: 2_000 }, remainingMs)).to.deep.equal({ drainMs, abortMs });
    });
  }

  it('finds those who stop one after the other and together take longer than there is time', () => {
    const budget = { drainMs: 5_000, abortMs: 2_000 };
    const members = [
      { name: 'db', needs: [], budget },
      { name: 'sync', needs: ['db'], budget },
      { name: 'report', needs: ['sync', 'ledger'], budget },
      { name: 'mail', needs: [], budget },
    ];
    expect(findTightChain(members, 20_999)).to.deep.equal({ names: ['report', 'sync', 'db'], totalMs: 21_000 });
    expect(findTightChain(members, 21_000)).to.equal(undefined);
  });
});
