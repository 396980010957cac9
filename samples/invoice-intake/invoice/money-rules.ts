import type { Big } from 'big.js';
import { type DecimalText, numberOf, sumOf } from './decimal.js';
import type { InvoiceDocument } from './invoice-document.js';
import type { Violation } from './invoice-refused.js';

/** A rule about money: an amount that the invoice states must be what follows from other amounts of it. */
export interface MoneyRule {
  /** Its name in EN 16931. */
  readonly rule: string;
  /** The amount, and what it must be. */
  readonly says: string;
  readonly stated: (invoice: InvoiceDocument) => DecimalText;
  readonly follows: (invoice: InvoiceDocument) => Big;
}

/** The money rules of EN 16931-1, 6.4.2, on exact decimals: nothing is rounded, and a cent too many is a violation. */
export const moneyRules: readonly MoneyRule[] = [
  {
    rule: 'BR-CO-10',
    says: 'the sum of line net amounts (BT-106) is the sum of the net amounts of all lines (BT-131)',
    stated: ({ totals }) => totals.lineNet,
    follows: ({ lines }) => sumOf(lines.map((line) => line.netAmount)),
  },
  {
    rule: 'BR-CO-13',
    says: 'the total without VAT (BT-109) is the line total (BT-106) - allowances (BT-107) + charges (BT-108)',
    stated: ({ totals }) => totals.withoutVat,
    follows: ({ totals }) => sumOf([totals.lineNet, totals.charges]).minus(sumOf([totals.allowances])),
  },
  {
    rule: 'BR-CO-14',
    says: 'the total of VAT (BT-110) is the sum of VAT over all categories (BT-117)',
    stated: ({ totals }) => totals.vat,
    follows: ({ vatByCategory }) => sumOf(vatByCategory),
  },
  {
    rule: 'BR-CO-15',
    says: 'the total with VAT (BT-112) is the total without VAT (BT-109) + the total of VAT (BT-110)',
    stated: ({ totals }) => totals.withVat,
    follows: ({ totals }) => sumOf([totals.withoutVat, totals.vat]),
  },
  {
    rule: 'BR-CO-16',
    says: 'the amount due (BT-115) is the total with VAT (BT-112) - what is paid (BT-113) + rounding (BT-114)',
    stated: ({ totals }) => totals.due,
    follows: ({ totals }) => sumOf([totals.withVat, totals.rounding]).minus(sumOf([totals.paid])),
  },
];

/** The money rules that an invoice breaks, with what stands there and what should. */
export function brokenMoneyRules(invoice: InvoiceDocument): Violation[] {
  return moneyRules.flatMap(({ rule, says, stated, follows }) => {
    const found = stated(invoice);
    const expected = follows(invoice);
    return numberOf(found).eq(expected)
      ? []
      : [{ rule, problem: `${says}: found ${found}, expected ${writtenLike(found, expected)}` }];
  });
}

/** An exact amount with at least as many decimals as `model` has: 536.40 beside 536.41. */
function writtenLike(model: DecimalText, amount: Big): DecimalText {
  const decimals = (text: DecimalText): number => text.split('.')[1]?.length ?? 0;
  return amount.toFixed(Math.max(decimals(model), decimals(amount.toFixed())));
}
