import { expect } from 'chai';
import { decimalIn, numberOf, sumOf } from '../../../samples/invoice-intake/invoice/decimal.js';

describe('a decimal in an invoice', () => {
  const written: [text: string, decimal: string | undefined][] = [
    ['12', '12'],
    ['12.30', '12.30'],
    ['-0.05', '-0.05'],
    ['+7', '+7'],
    ['.5', '.5'],
    ['5.', '5.'],
    [' 12 ', '12'],
    ['\n\t12\r\n', '12'],
    ['', undefined],
    ['  ', undefined],
    ['.', undefined],
    ['-', undefined],
    ['1e5', undefined],
    ['1E5', undefined],
    ['NaN', undefined],
    ['INF', undefined],
    ['Infinity', undefined],
    ['0x10', undefined],
    ['1,000.00', undefined],
    ['1 000', undefined],
    ['1.2.3', undefined],
    ['--1', undefined],
    ['\u00a012', undefined],
    ['\u0661\u0662', undefined],
    ['1'.repeat(40), '1'.repeat(40)],
    ['1'.repeat(41), undefined],
  ];
  for (const [text, decimal] of written) {
    it(`${JSON.stringify(text)} is ${decimal === undefined ? 'none' : JSON.stringify(decimal)}`, () => {
      expect(decimalIn(text)).to.equal(decimal);
    });
  }

  it('adds up exactly', () => {
    expect(sumOf(['0.10', '0.20']).toFixed()).to.equal('0.3');
    expect(sumOf(['99999999999999999999.99', '0.01']).toFixed()).to.equal('100000000000000000000');
    expect(sumOf([]).toFixed()).to.equal('0');
    expect(sumOf([undefined, '-1']).toFixed()).to.equal('-1');
  });

  it('knows every way to write a number that it accepts', () => {
    expect(['+7', '.5', '5.', '-0'].map((text) => numberOf(text).toNumber())).to.deep.equal([7, 0.5, 5, -0]);
  });
});
