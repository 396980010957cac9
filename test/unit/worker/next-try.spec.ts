import { expect } from 'chai';
import type { Outcome } from '../../../src/contracts/outcome.js';
import { nextTryMs } from '../../../src/worker/next-try.js';
import { blocked, failed, fatal, idle, partial, worked } from '../../../src/worker/outcomes.js';

const retry = { initialMs: 1_000, maxMs: 30_000, factor: 2, jitter: 0 };

describe('the next run', () => {
  const cases: [string, Outcome, setbacks: number, number | undefined][] = [
    ['is left to the trigger after one that worked', worked(), 0, undefined],
    ['comes at once after one that worked and has more to do', worked({ more: true }), 0, 0],
    ['is left to the trigger after one that found nothing to do', idle(), 0, undefined],
    ['is left to the trigger after one that did a part', partial({ done: 1, rejected: 1, reason: 'no' }), 0, undefined],
    ['comes after the backoff when one was blocked', blocked('away'), 1, 1_000],
    ['comes when the dependency said it would be back', blocked('away', { retryIn: '7s' }), 4, 7_000],
    ['comes after the backoff when one has failed', failed('no'), 1, 1_000],
    ['comes later with each setback in a row', failed('no'), 3, 4_000],
    ['is none after a fatal one', fatal('no'), 1, undefined],
  ];
  for (const [what, outcome, setbacks, expected] of cases) {
    it(what, () => {
      expect(nextTryMs(outcome, retry, setbacks, () => 0)).to.equal(expected);
    });
  }
});
