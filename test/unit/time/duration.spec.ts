import { expect } from 'chai';
import fc from 'fast-check';
import { PlbaError } from '../../../src/errors.js';
import { formatDuration, parseDuration } from '../../../src/time/duration.js';

describe('parseDuration', () => {
  const accepted: [number | string, number][] = [
    [0, 0],
    [1.5, 1.5],
    [2_147_483_647, 2_147_483_647],
    ['0s', 0],
    ['250ms', 250],
    ['30s', 30_000],
    ['1.5s', 1_500],
    ['1.001s', 1_001],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['596h', 2_145_600_000],
    ['2147483.647s', 2_147_483_647],
  ];
  for (const [written, ms] of accepted) {
    it(`reads ${JSON.stringify(written)} as ${ms} ms`, () => {
      expect(parseDuration(written, 'timeout')).to.equal(ms);
    });
  }

  const refused: [unknown, string][] = [
    [NaN, 'NaN'],
    [-1, '-1'],
    [Infinity, 'Infinity'],
    [2_147_483_648, '2147483648'],
    ['', '""'],
    [' 5s', '" 5s"'],
    ['5 s', '"5 s"'],
    ['5s\n', '"5s\\n"'],
    ['5', '"5"'],
    ['5d', '"5d"'],
    ['5S', '"5S"'],
    ['-5s', '"-5s"'],
    ['.5s', '".5s"'],
    ['5.s', '"5.s"'],
    ['1e3ms', '"1e3ms"'],
    ['0x10ms', '"0x10ms"'],
    ['Infinityms', '"Infinityms"'],
    ['٣s', '"٣s"'],
    ['597h', '"597h"'],
    ['9'.repeat(400) + 's', `"${'9'.repeat(40)}…"`],
    [null, 'null'],
    [undefined, 'undefined'],
    [true, 'true'],
    [5n, 'a value of type bigint'],
    [['5s'], 'an array'],
    [Object.create(null), 'a value of type object'],
  ];
  for (const [value, shown] of refused) {
    it(`refuses ${shown} and says where it stands and what is allowed`, () => {
      const attempt = () => parseDuration(value as string, 'plba.start.timeout');
      expect(attempt)
        .to.throw(PlbaError, `plba.start.timeout is not a duration: ${shown}`)
        .with.property('code', 'DURATION_INVALID');
      expect(attempt).to.throw(PlbaError).with.property('hint').that.includes('"250ms"');
    });
  }

  it('gives a number from 0 to 2^31-1, or refuses, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\d.]{1,12}(ms|s|m|h|d)?$/)), (text) => {
        let ms: number;
        try {
          ms = parseDuration(text, 'x');
        } catch (error) {
          return error instanceof PlbaError && error.code === 'DURATION_INVALID';
        }
        return ms >= 0 && ms <= 2_147_483_647;
      }),
    );
  });
});

describe('formatDuration', () => {
  const cases: [number, string][] = [
    [-5, '0ms'],
    [0, '0ms'],
    [0.6, '1ms'],
    [250, '250ms'],
    [999.6, '1s'],
    [4_200, '4.2s'],
    [30_000, '30s'],
    [59_949, '59.9s'],
    [59_950, '1m'],
    [90_000, '1m 30s'],
    [840_000, '14m'],
    [3_599_499, '59m 59s'],
    [3_599_500, '1h'],
    [7_500_000, '2h 5m'],
    [86_369_999, '23h 59m'],
    [86_370_000, '1d'],
    [273_600_000, '3d 4h'],
  ];
  for (const [ms, text] of cases) {
    it(`shows ${ms} ms as ${text}`, () => {
      expect(formatDuration(ms)).to.equal(text);
    });
  }
});
