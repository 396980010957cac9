import { expect } from 'chai';
import type { StopCause } from '../../../src/lifecycle/exit-code.js';
import { stopLimits } from '../../../src/lifecycle/stop-limits.js';

const asked: StopCause = { kind: 'asked', reason: 'SIGTERM' };
const broken: StopCause = { kind: 'process-error', error: new Error('x') };
const lost: StopCause = { kind: 'worker-lost', worker: 'a', error: new Error('x') };

describe('the limits of a stop', () => {
  const cases: [cause: StopCause, timeoutMs: number, delayMs: number, limits: ReturnType<typeof stopLimits>][] = [
    [asked, 25_000, 0, { delayMs: 0, workersMs: 24_000, totalMs: 25_000, processMs: 25_250 }],
    [asked, 25_000, 3_000, { delayMs: 3_000, workersMs: 24_000, totalMs: 25_000, processMs: 28_250 }],
    [asked, 1_000, 0, { delayMs: 0, workersMs: 900, totalMs: 1_000, processMs: 1_250 }],
    [lost, 25_000, 3_000, { delayMs: 0, workersMs: 24_000, totalMs: 25_000, processMs: 25_250 }],
    [broken, 25_000, 3_000, { delayMs: 0, workersMs: 4_500, totalMs: 5_000, processMs: 5_250 }],
    [broken, 1_000, 0, { delayMs: 0, workersMs: 900, totalMs: 1_000, processMs: 1_250 }],
  ];
  for (const [cause, timeoutMs, delayMs, limits] of cases) {
    it(`for ${cause.kind}, with a timeout of ${timeoutMs} ms and a delay of ${delayMs} ms`, () => {
      expect(stopLimits(cause, { timeoutMs, delayMs })).to.deep.equal(limits);
    });
  }

  it('are each shorter than the one around it, so that the culprit is named', () => {
    for (const timeoutMs of [100, 1_000, 5_000, 25_000, 600_000]) {
      const { workersMs, totalMs, processMs } = stopLimits(asked, { timeoutMs, delayMs: 0 });
      expect(workersMs).to.be.lessThan(totalMs);
      expect(totalMs).to.be.lessThan(processMs);
    }
  });
});
