import { expect } from 'chai';
import { examineInvoice } from '../../../samples/invoice-intake/invoice/examine-invoice.js';
import { InvoiceRefused } from '../../../samples/invoice-intake/invoice/invoice-refused.js';
import { XmlRefused } from '../../../samples/invoice-intake/xml/xml-refused.js';
import { anInvoice, type InvoiceTexts } from './an-invoice.js';
import { rejectionOf } from './rejection-of.js';

const examine = (file: string) => examineInvoice(Buffer.from(file));
const refusal = (file: string) => rejectionOf(examine(file), InvoiceRefused);

describe('reading an invoice', () => {
  it('gives what a ledger needs, amounts as they stand in the file', async () => {
    const invoice = await examine(
      anInvoice({ sellerVatId: 'IE1', sellerGln: '4012', allowances: '0.00', due: ' 180.120 ' }),
    );
    expect(invoice).to.deep.equal({
      kind: 'Invoice',
      number: 'A-1',
      issueDate: '2026-02-03',
      currency: 'EUR',
      seller: { name: 'Seller Ltd.', vatId: 'IE1', registrations: ['0088:4012'] },
      buyer: { name: 'Buyer Ltd.', registrations: [] },
      lines: [
        { id: '1', netAmount: '100.00' },
        { id: '2', netAmount: '50.10' },
      ],
      vatByCategory: ['30.02'],
      totals: {
        ...{ lineNet: '150.10', allowances: '0.00', withoutVat: '150.10', vat: '30.02', withVat: '180.12' },
        due: '180.120',
      },
    });
  });

  it('knows a credit note from an invoice', async () => {
    expect((await examine(anInvoice({ kind: 'CreditNote' }))).kind).to.equal('CreditNote');
  });

  describe('names what is missing', () => {
    const missing: [what: string, rule: string, drop: RegExp][] = [
      ['the number', 'BR-02', /<cbc:ID>A-1<\/cbc:ID>/],
      ['the issue date', 'BR-03', /<cbc:IssueDate>.*<\/cbc:IssueDate>/],
      ['the currency', 'BR-05', /<cbc:DocumentCurrencyCode>.*<\/cbc:DocumentCurrencyCode>/],
      ["the seller's name", 'BR-06', /<cbc:RegistrationName>Seller Ltd\.<\/cbc:RegistrationName>/],
      ["the buyer's name", 'BR-07', /<cbc:RegistrationName>Buyer Ltd\.<\/cbc:RegistrationName>/],
      ['the line total', 'BR-12', /<cbc:LineExtensionAmount currencyID="EUR">150.10<\/cbc:LineExtensionAmount>/],
      ['the total without VAT', 'BR-13', /<cbc:TaxExclusiveAmount.*<\/cbc:TaxExclusiveAmount>/],
      ['the total with VAT', 'BR-14', /<cbc:TaxInclusiveAmount.*<\/cbc:TaxInclusiveAmount>/],
      ['the amount due', 'BR-15', /<cbc:PayableAmount.*<\/cbc:PayableAmount>/],
      ['every line', 'BR-16', /<cac:InvoiceLine>[^]*<\/cac:InvoiceLine>/],
      ['the identifier of a line', 'BR-21', /<cbc:ID>2<\/cbc:ID>/],
      ['the amount of a line', 'BR-24', /<cbc:LineExtensionAmount currencyID="EUR">50.10<\/cbc:LineExtensionAmount>/],
      ['the VAT of a category', 'BR-46', /(?<=<cac:TaxSubtotal>)<cbc:TaxAmount.*?<\/cbc:TaxAmount>/],
      ['every VAT category', 'BR-CO-18', /<cac:TaxSubtotal>.*<\/cac:TaxSubtotal>/],
      ['the total of VAT', 'BR-CO-15', /<cac:TaxTotal>.*<\/cac:TaxTotal>/],
    ];
    for (const [what, rule, drop] of missing) {
      it(`${what} (${rule})`, async () => {
        const file = anInvoice();
        const without = file.replace(drop, '');
        expect(without).not.to.equal(file);
        expect((await refusal(without)).rules).to.deep.equal([rule]);
      });
    }

    it('all of it at once', async () => {
      const bare = anInvoice().replace(/(<cbc:(?:ID|IssueDate|RegistrationName)>)[^<]*/g, '$1');
      expect((await refusal(bare)).rules).to.deep.equal(['BR-02', 'BR-03', 'BR-06', 'BR-07', 'BR-21']);
    });
  });

  describe('refuses', () => {
    const otherCurrency = '<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">30.02</cbc:TaxAmount></cac:TaxTotal>';
    const refused: [what: string, texts: InvoiceTexts, says: RegExp][] = [
      ['an exponent', { due: '1e5' }, /amount due \(BT-115\) is no decimal number: "1e5"/],
      ['a word for a number', { due: 'NaN' }, /"NaN"/],
      ['an empty amount', { due: '' }, /BR-15: the amount due \(BT-115\) is missing/],
      ['an optional amount that is no number', { paid: 'none' }, /paid amount \(BT-113\) is no decimal number/],
      ['an amount with a comment for a digit', { due: '18<x/>0.12' }, /has elements inside/],
      ['a day that does not exist', { issueDate: '2026-02-30' }, /issue date/],
      ['a day in another notation', { issueDate: '03.02.2026' }, /issue date/],
      ['a day with a time zone', { issueDate: '2026-02-03Z' }, /issue date/],
      ['a currency that is none', { currency: 'Euro' }, /BR-CL-04/],
      ['a number that stands twice', { first: '<cbc:ID>A-2</cbc:ID>' }, /invoice number \(BT-1\) stands 2 times/],
      ['a number that is longer than any', { number: 'x'.repeat(257) }, /more than 256 characters/],
      ['two totals of VAT in the same currency', { afterVat: otherCurrency }, /BR-CO-15: .* there are 2/],
    ];
    for (const [what, texts, says] of refused) {
      it(what, async () => {
        expect((await refusal(anInvoice(texts))).message).to.match(says);
      });
    }

    it('an amount in a currency that is not that of the invoice', async () => {
      const file = anInvoice().replace('<cbc:PayableAmount currencyID="EUR">', '<cbc:PayableAmount currencyID="USD">');
      expect((await refusal(file)).message).to.contain('is in "USD", the invoice in "EUR"');
    });

    it('an amount without a currency', async () => {
      const file = anInvoice().replace('<cbc:PayableAmount currencyID="EUR">', '<cbc:PayableAmount>');
      expect((await refusal(file)).message).to.contain('is in "", the invoice in "EUR"');
    });

    for (const root of [
      '<Invoice/>',
      '<a xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>',
      '<html/>',
    ]) {
      it(`a document that is no invoice: ${root}`, async () => {
        expect((await refusal(root)).message).to.contain('no UBL invoice');
      });
    }

    it('an invoice whose elements are in no namespace of UBL', async () => {
      const file = anInvoice().replaceAll('CommonBasicComponents-2', 'CommonBasicComponents-3');
      expect((await refusal(file)).rules).to.include('BR-05');
    });
  });

  it('accepts no part of an invoice for the whole', async () => {
    const file = Buffer.from(anInvoice({ sellerName: 'Sällar é Fils' }));
    const end = file.lastIndexOf('>');
    for (let length = 0; length <= end; length += 1) {
      const error = await rejectionOf(examineInvoice(file.subarray(0, length)), XmlRefused);
      expect([length, error.code]).to.deep.equal([length, 'truncated']);
    }
  });
});
