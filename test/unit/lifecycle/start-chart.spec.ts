import { expect } from 'chai';
import { startChart } from '../../../src/lifecycle/start-chart.js';

describe('the chart of a start', () => {
  it('shows for each worker when it was told to start, when it was ready, and what it needed', () => {
    const chart = startChart(
      [
        { worker: 'db', startedMs: 0, readyMs: 100, waitedFor: [] },
        { worker: 'intake', startedMs: 100, readyMs: 200, waitedFor: ['db'] },
        { worker: 'stuck', startedMs: 0, waitedFor: ['ledger'] },
      ],
      200,
    );
    expect(chart).to.deep.equal([
      `  db     |${'.'.repeat(20)}${' '.repeat(20)}| 0 to 100 ms`,
      `  intake |${' '.repeat(20)}${'.'.repeat(20)}| 100 to 200 ms, needs db`,
      `  stuck  |${'.'.repeat(40)}| 0 to (not ready) ms, needs ledger`,
    ]);
  });

  it('shows somebody who was ready at once, also at the very end', () => {
    const chart = startChart(
      [
        { worker: 'a', startedMs: 0, readyMs: 0, waitedFor: [] },
        { worker: 'b', startedMs: 10, readyMs: 10, waitedFor: [] },
      ],
      10,
    );
    expect(chart).to.deep.equal([`  a |.${' '.repeat(39)}| 0 to 0 ms`, `  b |${' '.repeat(39)}.| 10 to 10 ms`]);
  });

  it('keeps those who took longest when there are many', () => {
    const many = Array.from({ length: 120 }, (_, i) => ({
      worker: `w${i}`,
      startedMs: 0,
      readyMs: i,
      waitedFor: [],
    }));
    const lines = startChart(many, 200);
    expect(lines).to.have.length(51);
    expect(lines[0]).to.include('w119');
    expect(lines[50]).to.equal('  and 70 more that took less');
  });
});
