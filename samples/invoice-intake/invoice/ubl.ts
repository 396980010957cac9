import type { InvoiceKind } from './invoice-document.js';
import type { MandatoryTerm, Term } from './field-reader.js';

const schemas = 'urn:oasis:names:specification:ubl:schema:xsd';

/** The namespaces of UBL 2.1 that matter here, with the prefixes that the standard's own texts use. */
export const ublPrefixes: ReadonlyMap<string, string> = new Map([
  [`${schemas}:Invoice-2`, 'inv'],
  [`${schemas}:CreditNote-2`, 'cn'],
  [`${schemas}:CommonAggregateComponents-2`, 'cac'],
  [`${schemas}:CommonBasicComponents-2`, 'cbc'],
]);

/** Megabytes that a ledger has no use for: supporting documents, with what is attached. */
export const ublAttachments: ReadonlySet<string> = new Set(['cac:AdditionalDocumentReference']);

/** The root element of each kind of document, and what its lines are called. */
export const ublRoots: ReadonlyMap<string, { readonly kind: InvoiceKind; readonly line: string }> = new Map([
  ['inv:Invoice', { kind: 'Invoice', line: 'cac:InvoiceLine' }],
  ['cn:CreditNote', { kind: 'CreditNote', line: 'cac:CreditNoteLine' }],
]);

/** Where the business terms of EN 16931 stand in UBL (CEN/TS 16931-3-2), and the rules that make them mandatory. */
export const ublTerms = {
  number: { path: 'cbc:ID', called: 'the invoice number (BT-1)', rule: 'BR-02' },
  issueDate: { path: 'cbc:IssueDate', called: 'the issue date (BT-2)', rule: 'BR-03' },
  currency: { path: 'cbc:DocumentCurrencyCode', called: 'the currency (BT-5)', rule: 'BR-05' },
  sellerName: {
    path: 'cac:AccountingSupplierParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName',
    called: "the seller's name (BT-27)",
    rule: 'BR-06',
  },
  buyerName: {
    path: 'cac:AccountingCustomerParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName',
    called: "the buyer's name (BT-44)",
    rule: 'BR-07',
  },
  lineId: { path: 'cbc:ID', called: 'a line identifier (BT-126)', rule: 'BR-21' },
  lineNetAmount: { path: 'cbc:LineExtensionAmount', called: 'a line net amount (BT-131)', rule: 'BR-24' },
  vatOfCategory: { path: 'cbc:TaxAmount', called: 'the VAT of a category (BT-117)', rule: 'BR-46' },
  vat: { path: 'cbc:TaxAmount', called: 'the total of VAT (BT-110)', rule: 'BR-CO-15' },
  lineNet: {
    path: 'cac:LegalMonetaryTotal/cbc:LineExtensionAmount',
    called: 'the sum of line net amounts (BT-106)',
    rule: 'BR-12',
  },
  allowances: { path: 'cac:LegalMonetaryTotal/cbc:AllowanceTotalAmount', called: 'the sum of allowances (BT-107)' },
  charges: { path: 'cac:LegalMonetaryTotal/cbc:ChargeTotalAmount', called: 'the sum of charges (BT-108)' },
  withoutVat: {
    path: 'cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount',
    called: 'the total without VAT (BT-109)',
    rule: 'BR-13',
  },
  withVat: {
    path: 'cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount',
    called: 'the total with VAT (BT-112)',
    rule: 'BR-14',
  },
  paid: { path: 'cac:LegalMonetaryTotal/cbc:PrepaidAmount', called: 'the paid amount (BT-113)' },
  rounding: { path: 'cac:LegalMonetaryTotal/cbc:PayableRoundingAmount', called: 'the rounding amount (BT-114)' },
  due: { path: 'cac:LegalMonetaryTotal/cbc:PayableAmount', called: 'the amount due (BT-115)', rule: 'BR-15' },
} satisfies Record<string, Term | MandatoryTerm>;
