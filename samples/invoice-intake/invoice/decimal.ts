import { Big } from 'big.js';

/**
 * A decimal number as it is written: sign, digits, point. Kept as text, because `830` and `830.00` are the same amount but not
 * the same statement, and because binary floating point has no 0.10.
 */
export type DecimalText = string;

/** The lexical form of `xs:decimal` (XML Schema part 2, 3.2.3): no exponent, no NaN, no infinity, no thousands separator. */
const xsdDecimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;

/** XML Schema asks for 18 digits at least. No real amount has more than these. */
const maxDigits = 40;

/** The decimal in `text`, without the white space around it that `xs:decimal` allows; undefined where there is none. */
export function decimalIn(text: string): DecimalText | undefined {
  const written = text.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
  return xsdDecimal.test(written) && written.replace(/\D/g, '').length <= maxDigits ? written : undefined;
}

/** The exact number that a decimal text stands for. */
export function numberOf(decimal: DecimalText): Big {
  return new Big(decimal.replace(/^\+/, ''));
}

/** The exact sum; 0 of nothing. A part that is absent counts as 0. */
export function sumOf(decimals: readonly (DecimalText | undefined)[]): Big {
  return decimals.reduce((sum, decimal) => sum.plus(numberOf(decimal ?? '0')), new Big(0));
}
