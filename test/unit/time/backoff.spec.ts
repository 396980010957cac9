import { expect } from 'chai';
import fc from 'fast-check';
import type { BackoffOptions } from '../../../src/contracts/worker-options.js';
import { PlbaError } from '../../../src/errors.js';
import { backoffDelayMs, defaultBackoff, resolveBackoff } from '../../../src/time/backoff.js';

describe('backoffDelayMs', () => {
  it('doubles from 1 s to 30 s by default', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7].map((attempt) => backoffDelayMs(defaultBackoff, attempt, () => 0));
    expect(waits).to.deep.equal([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it('shortens a wait by at most the jitter', () => {
    const backoff = { initialMs: 10_000, maxMs: 10_000, factor: 2, jitter: 0.2 };
    expect(backoffDelayMs(backoff, 1, () => 0)).to.equal(10_000);
    expect(backoffDelayMs(backoff, 1, () => 0.5)).to.equal(9_000);
    expect(backoffDelayMs(backoff, 1, () => 0.9999)).to.be.closeTo(8_000, 2);
  });

  it('stays within 0 and the longest wait at any attempt', () => {
    const backoffs = fc.record({
      initialMs: fc.double({ min: 0, max: 2 ** 31 - 1, noNaN: true }),
      maxMs: fc.double({ min: 0, max: 2 ** 31 - 1, noNaN: true }),
      factor: fc.double({ min: 1, max: 1e9, noNaN: true }),
      jitter: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(
        backoffs,
        fc.integer({ min: 1, max: 1e9 }),
        fc.double({ min: 0, max: 1 - 2 ** -53, noNaN: true }),
        (backoff, attempt, random) => {
          const waitMs = backoffDelayMs(backoff, attempt, () => random);
          expect(waitMs).to.be.at.least(0).and.at.most(backoff.maxMs);
        },
      ),
    );
  });
});

describe('resolveBackoff', () => {
  it('is the default where nothing is said', () => {
    expect(resolveBackoff({}, 'retry')).to.deep.equal(defaultBackoff);
  });

  it('takes what is said', () => {
    expect(resolveBackoff({ initial: '2s', max: '1m', factor: 3, jitter: 0 }, 'retry')).to.deep.equal({
      initialMs: 2_000,
      maxMs: 60_000,
      factor: 3,
      jitter: 0,
    });
  });

  it('lets a default give way to what contradicts it', () => {
    expect(resolveBackoff({ max: '500ms' }, 'retry')).to.include({ initialMs: 500, maxMs: 500 });
    expect(resolveBackoff({ initial: '2m' }, 'retry')).to.include({ initialMs: 120_000, maxMs: 120_000 });
  });

  const refused: [BackoffOptions, string, string][] = [
    [{ initial: '10s', max: '5s' }, 'OPTION_INVALID', 'retry: initial (10s) is longer than max (5s)'],
    [{ initial: '5x' as '5s' }, 'DURATION_INVALID', 'retry: initial is not a duration'],
    [{ max: -1 }, 'DURATION_INVALID', 'retry: max is not a duration'],
    [{ factor: 0.5 }, 'OPTION_INVALID', 'retry: factor is 0.5'],
    [{ factor: NaN }, 'OPTION_INVALID', 'retry: factor is NaN'],
    [{ factor: Infinity }, 'OPTION_INVALID', 'retry: factor is Infinity'],
    [{ factor: 'two' as unknown as number }, 'OPTION_INVALID', 'retry: factor is two'],
    [{ jitter: '0.5' as unknown as number }, 'OPTION_INVALID', 'retry: jitter is 0.5'],
    [{ jitter: 1.1 }, 'OPTION_INVALID', 'retry: jitter is 1.1'],
    [{ jitter: -0.1 }, 'OPTION_INVALID', 'retry: jitter is -0.1'],
    [{ jitter: NaN }, 'OPTION_INVALID', 'retry: jitter is NaN'],
  ];
  for (const [options, code, message] of refused) {
    it(`refuses ${message.slice('retry: '.length)}`, () => {
      expect(() => resolveBackoff(options, 'retry'))
        .to.throw(PlbaError, message)
        .with.property('code', code);
    });
  }
});
