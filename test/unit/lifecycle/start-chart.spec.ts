import { expect } from 'chai';
import { startChart } from '../../../src/lifecycle/start-chart.js';

describe('the chart of a start', () => {
  it('shows when workers and contributors were constructed, when they were on their way, and what workers needed', () => {
    const chart = startChart(
      [
        { worker: 'db', constructedMs: 0, startedMs: 0, readyMs: 100, waitedFor: [] },
        { worker: 'intake', constructedMs: 1, startedMs: 100, readyMs: 200, waitedFor: ['db'] },
        { worker: 'stuck', constructedMs: 2, startedMs: 0, waitedFor: ['ledger'] },
      ],
      [
        { contributor: 'ledger', constructedMs: 0, startedMs: 0 },
        { contributor: 'mail', constructedMs: 3, startedMs: 50, readyMs: 100 },
      ],
      200,
    );
    expect(chart).to.deep.equal([
      `  ledger |${'.'.repeat(40)}| constructed at 0, asked at 0, no answer yet`,
      `  mail   |${' '.repeat(10)}${'.'.repeat(10)}${' '.repeat(20)}| constructed at 3, asked at 50, answered at 100 ms`,
      `  db     |${'.'.repeat(20)}${' '.repeat(20)}| constructed at 0, started at 0, ready at 100 ms`,
      `  intake |${' '.repeat(20)}${'.'.repeat(20)}| constructed at 1, started at 100, ready at 200 ms, needs db`,
      `  stuck  |${'.'.repeat(40)}| constructed at 2, started at 0, not ready, needs ledger`,
    ]);
  });

  it('shows somebody who was ready at once, also at the very end', () => {
    const chart = startChart(
      [
        { worker: 'a', constructedMs: 0, startedMs: 0, readyMs: 0, waitedFor: [] },
        { worker: 'b', constructedMs: 0, startedMs: 10, readyMs: 10, waitedFor: [] },
      ],
      [],
      10,
    );
    expect(chart.map((line) => line.slice(0, 46))).to.deep.equal([
      `  a |.${' '.repeat(39)}|`,
      `  b |${' '.repeat(39)}.|`,
    ]);
  });

  it('keeps those who took longest when there are many', () => {
    const many = Array.from({ length: 120 }, (_, i) => ({
      worker: `w${i}`,
      constructedMs: 0,
      startedMs: 0,
      readyMs: i,
      waitedFor: [],
    }));
    const lines = startChart(many, [], 200);
    expect(lines).to.have.length(51);
    expect(lines[0]).to.include('w119');
    expect(lines[50]).to.equal('  and 70 more that took less');
  });
});
