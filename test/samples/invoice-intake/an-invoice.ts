/** What a test wants to be different from a plain invoice of two lines. Texts go into the file as they are. */
export interface InvoiceTexts {
  kind?: 'Invoice' | 'CreditNote';
  number?: string;
  issueDate?: string;
  currency?: string;
  sellerName?: string;
  sellerVatId?: string;
  sellerGln?: string;
  lineAmounts?: readonly string[];
  vatByCategory?: readonly string[];
  vat?: string;
  lineNet?: string;
  allowances?: string;
  charges?: string;
  withoutVat?: string;
  withVat?: string;
  paid?: string;
  rounding?: string;
  due?: string;
  /** Stands right behind the VAT total. */
  afterVat?: string;
  /** Stands before the root element, behind the XML declaration. */
  prolog?: string;
  /** Stands as the first child of the root. */
  first?: string;
}

const ubl = 'urn:oasis:names:specification:ubl:schema:xsd';

/** An invoice as a file has it: correct, but for what the test changes. */
export function anInvoice(texts: InvoiceTexts = {}): string {
  const t = {
    ...{ kind: 'Invoice', number: 'A-1', issueDate: '2026-02-03', currency: 'EUR', sellerName: 'Seller Ltd.' },
    ...{ lineAmounts: ['100.00', '50.10'], vatByCategory: ['30.02'], vat: '30.02', lineNet: '150.10' },
    ...{ withoutVat: '150.10', withVat: '180.12', due: '180.12', afterVat: '', prolog: '', first: '' },
    ...texts,
  };
  const amount = (name: string, value: string | undefined): string =>
    value === undefined ? '' : `<cbc:${name} currencyID="${t.currency}">${value}</cbc:${name}>`;
  const lines = t.lineAmounts.map(
    (value, at) =>
      `<cac:${t.kind}Line><cbc:ID>${at + 1}</cbc:ID>${amount('LineExtensionAmount', value)}</cac:${t.kind}Line>`,
  );
  const categories = t.vatByCategory.map((value) => `<cac:TaxSubtotal>${amount('TaxAmount', value)}</cac:TaxSubtotal>`);
  return `<?xml version="1.0" encoding="UTF-8"?>${t.prolog}
<${t.kind} xmlns="${ubl}:${t.kind}-2" xmlns:cac="${ubl}:CommonAggregateComponents-2" xmlns:cbc="${ubl}:CommonBasicComponents-2">${t.first}
  <cbc:ID>${t.number}</cbc:ID>
  <cbc:IssueDate>${t.issueDate}</cbc:IssueDate>
  <cbc:DocumentCurrencyCode>${t.currency}</cbc:DocumentCurrencyCode>
  <cac:AccountingSupplierParty><cac:Party>
    ${t.sellerGln === undefined ? '' : `<cac:PartyIdentification><cbc:ID schemeID="0088">${t.sellerGln}</cbc:ID></cac:PartyIdentification>`}
    ${t.sellerVatId === undefined ? '' : `<cac:PartyTaxScheme><cbc:CompanyID>${t.sellerVatId}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>`}
    <cac:PartyLegalEntity><cbc:RegistrationName>${t.sellerName}</cbc:RegistrationName></cac:PartyLegalEntity>
  </cac:Party></cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty><cac:Party>
    <cac:PartyLegalEntity><cbc:RegistrationName>Buyer Ltd.</cbc:RegistrationName></cac:PartyLegalEntity>
  </cac:Party></cac:AccountingCustomerParty>
  <cac:TaxTotal>${amount('TaxAmount', t.vat)}${categories.join('')}</cac:TaxTotal>${t.afterVat}
  <cac:LegalMonetaryTotal>
    ${amount('LineExtensionAmount', t.lineNet)}
    ${amount('TaxExclusiveAmount', t.withoutVat)}
    ${amount('TaxInclusiveAmount', t.withVat)}
    ${amount('AllowanceTotalAmount', t.allowances)}
    ${amount('ChargeTotalAmount', t.charges)}
    ${amount('PrepaidAmount', t.paid)}
    ${amount('PayableRoundingAmount', t.rounding)}
    ${amount('PayableAmount', t.due)}
  </cac:LegalMonetaryTotal>
  ${lines.join('\n  ')}
</${t.kind}>
`;
}
