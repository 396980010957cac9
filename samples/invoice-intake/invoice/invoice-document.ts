import type { DecimalText } from './decimal.js';

/** The two documents that EN 16931 knows. */
export type InvoiceKind = 'Invoice' | 'CreditNote';

/**
 * An electronic invoice or credit note, as far as a ledger cares about it. BT- and BG-numbers are the business terms and groups of
 * the European standard EN 16931. Amounts are what stands in the file, in the invoice's currency.
 */
export interface InvoiceDocument {
  readonly kind: InvoiceKind;
  /** BT-1: unique among the invoices of one seller. */
  readonly number: string;
  /** BT-2, as `YYYY-MM-DD`. */
  readonly issueDate: string;
  /** BT-5, three letters of ISO 4217. */
  readonly currency: string;
  /** BG-4. */
  readonly seller: Party;
  /** BG-7. */
  readonly buyer: Party;
  /** BG-25; at least one. */
  readonly lines: readonly InvoiceLine[];
  /** BT-117 of each VAT category (BG-23); at least one. */
  readonly vatByCategory: readonly DecimalText[];
  /** BG-22. */
  readonly totals: InvoiceTotals;
}

/** A seller or a buyer. */
export interface Party {
  /** BT-27 or BT-44: the registered name. */
  readonly name: string;
  /** BT-31 or BT-48: the VAT identifier. */
  readonly vatId?: string;
  /** BT-29, BT-30 and the buyer's like: identifiers that name their register, written `register:identifier`. */
  readonly registrations: readonly string[];
}

/** One line of an invoice. */
export interface InvoiceLine {
  /** BT-126. */
  readonly id: string;
  /** BT-131: what the line comes to, without VAT. */
  readonly netAmount: DecimalText;
}

/** The totals of an invoice. One that is absent counts as 0. */
export interface InvoiceTotals {
  /** BT-106: sum of the net amounts of the lines. */
  readonly lineNet: DecimalText;
  /** BT-107: sum of allowances on the whole document. */
  readonly allowances?: DecimalText;
  /** BT-108: sum of charges on the whole document. */
  readonly charges?: DecimalText;
  /** BT-109: total without VAT. */
  readonly withoutVat: DecimalText;
  /** BT-110: total of VAT, in the invoice's currency. */
  readonly vat: DecimalText;
  /** BT-112: total with VAT. */
  readonly withVat: DecimalText;
  /** BT-113: already paid. */
  readonly paid?: DecimalText;
  /** BT-114: rounding of the amount due. */
  readonly rounding?: DecimalText;
  /** BT-115: amount due for payment. */
  readonly due: DecimalText;
}
