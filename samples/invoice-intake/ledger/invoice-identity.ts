import type { InvoiceDocument } from '../invoice/invoice-document.js';

/**
 * What identifies an invoice: two files with the same kind and number, and a seller in common, are the same invoice.
 *
 * EN 16931 asks for a number (BT-1) that is unique within the records of its seller, so a number alone says nothing: every
 * second company has an invoice 2024-001. But sellers write themselves down in more than one way, and the same bill that is
 * posted twice is paid twice. So a seller is known by each of its names at once: registered name, VAT identifier, and the
 * identifiers whose register is told (an identifier without a register may be anybody's). One of them in common is enough.
 */
export interface InvoiceIdentity {
  readonly kind: string;
  readonly number: string;
  /** Never empty. Sorted, so that two transactions that post the same invoice wait for each other and never deadlock. */
  readonly sellers: readonly string[];
}

/** The identity of an invoice. Seller names are compared without regard to case and spacing. */
export function identityOf(invoice: InvoiceDocument): InvoiceIdentity {
  const { name, vatId, registrations } = invoice.seller;
  const sellers = new Set([
    `name ${folded(name)}`,
    ...(vatId === undefined ? [] : [`vat ${folded(vatId).replace(/[ .-]/g, '')}`]),
    ...registrations.map((registration) => `id ${folded(registration)}`),
  ]);
  return { kind: invoice.kind, number: invoice.number, sellers: [...sellers].sort() };
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}
