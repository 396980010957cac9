import { expect } from 'chai';
import { barText, type BarParts } from '../../../src/progress/bar-text.js';

const said = (progress: Partial<BarParts['progress']>, more: Partial<BarParts> = {}): BarParts => ({
  name: 'intake',
  progress: { done: 1, at: new Date(0), ...progress },
  ageMs: 0,
  ...more,
});

describe('the text of a progress bar', () => {
  const cases: readonly [string, BarParts, string][] = [
    [
      'shows part, pace and time left',
      said({ done: 500, total: 1_000, perSecond: 52.345, leftMs: 9_552, note: 'file 500' }),
      'intake [============------------] 50% 500/1000 52.3/s 9.6s left: file 500',
    ],
    ['counts the time left down', said({ total: 4, perSecond: 1, leftMs: 3_000 }, { ageMs: 1_000 }), '2s left'],
    [
      'never says less than nothing is left',
      said({ total: 4, perSecond: 1, leftMs: 3_000 }, { ageMs: 9_000 }),
      '0ms left',
    ],
    ['says all of it only when it is', said({ done: 999, total: 1_000 }), '[=======================-] 99% 999/1000'],
    ['is full at the total', said({ done: 5, total: 5 }), 'intake [========================]100% 5/5'],
    ['goes no further than full', said({ done: 7, total: 5 }), '[========================]100% 7/5'],
    ['has no bar without a total', said({ done: 7, perSecond: 1_234.5 }), 'intake 7 done 1235/s'],
    ['has no bar for a total of nothing', said({ done: 0, total: 0 }), 'intake 0 done'],
    ['says how it ended', said({ done: 2, total: 5, leftMs: 3_000 }, { end: 'failed' }), ' 40% 2/5 failed'],
  ];
  for (const [what, parts, expected] of cases)
    it(what, () => {
      expect(barText(parts, 100)).to.contain(expected);
    });

  it('fits, also with characters that are two columns wide', () => {
    for (let columns = 1; columns < 90; columns++) {
      const text = barText(said({ done: 5, total: 9, perSecond: 3, leftMs: 99, note: '発票処理中 😀' }), columns);
      const width = Array.from(text).reduce((sum, character) => sum + (/[\x20-\x7e]/.test(character) ? 1 : 2), 0);
      expect(width).to.be.at.most(columns);
    }
  });

  it('gives the numbers their room before the bar', () => {
    expect(barText(said({ done: 5, total: 9, perSecond: 3, leftMs: 99 }), 50)).to.contain(
      '[==--] 55% 5/9 3/s 99ms left',
    );
  });
});
