import { expect } from 'chai';
import { examineInvoice } from '../../../samples/invoice-intake/invoice/examine-invoice.js';
import { InvoiceRefused } from '../../../samples/invoice-intake/invoice/invoice-refused.js';
import { moneyRules } from '../../../samples/invoice-intake/invoice/money-rules.js';
import { anInvoice, type InvoiceTexts } from './an-invoice.js';
import { rejectionOf } from './rejection-of.js';

const examine = (texts: InvoiceTexts) => examineInvoice(Buffer.from(anInvoice(texts)));

describe('the money rules', () => {
  const broken: [rule: string, change: string, texts: InvoiceTexts, found: string, expected: string][] = [
    ['BR-CO-10', 'a line a cent higher', { lineAmounts: ['100.00', '50.11'] }, '150.10', '150.11'],
    ['BR-CO-10', 'a line left out', { lineAmounts: ['100.00'] }, '150.10', '100.00'],
    ['BR-CO-13', 'an allowance that is not taken off', { allowances: '10.00' }, '150.10', '140.10'],
    ['BR-CO-13', 'a charge that is not added', { charges: '0.01' }, '150.10', '150.11'],
    ['BR-CO-14', 'a category too many', { vatByCategory: ['30.02', '0.01'] }, '30.02', '30.03'],
    ['BR-CO-15', 'a total a cent too high', { withVat: '180.13', due: '180.13' }, '180.13', '180.12'],
    ['BR-CO-16', 'a payment that is not taken off', { paid: '80.12' }, '180.12', '100.00'],
    ['BR-CO-16', 'a rounding that is not added', { rounding: '-0.02' }, '180.12', '180.10'],
    ['BR-CO-16', 'a sign that is wrong', { due: '-180.12' }, '-180.12', '180.12'],
  ];
  for (const [rule, change, texts, found, expected] of broken) {
    it(`${rule} is broken by ${change}`, async () => {
      const refused = await rejectionOf(examine(texts), InvoiceRefused);
      expect(refused.rules).to.deep.equal([rule]);
      expect(refused.message).to.contain(`found ${found}, expected ${expected}`);
    });
  }

  const kept: [what: string, texts: InvoiceTexts][] = [
    ['two lines and one rate', {}],
    ['the same with other decimals', { lineNet: '150.1', withoutVat: '+150.100', due: ' 180.12 ' }],
    [
      'allowance and charge',
      { allowances: '10.00', charges: '4', withoutVat: '144.10', withVat: '174.12', due: '174.12' },
    ],
    ['a part paid, and rounded', { paid: '100', rounding: '-0.12', due: '80.00' }],
    [
      'negative amounts',
      {
        lineAmounts: ['-1'],
        lineNet: '-1',
        withoutVat: '-1',
        vat: '0',
        vatByCategory: ['0'],
        withVat: '-1',
        due: '-1',
      },
    ],
    ['a credit note', { kind: 'CreditNote' }],
    [
      'VAT in the accounting currency as well',
      {
        afterVat: '<cac:TaxTotal><cbc:TaxAmount currencyID="SEK">999.99</cbc:TaxAmount></cac:TaxTotal>',
      },
    ],
    [
      'sums that binary floating point gets wrong',
      {
        ...{ lineAmounts: ['0.1', '0.2'], lineNet: '0.3', withoutVat: '0.3', vat: '0', vatByCategory: ['0'] },
        ...{ withVat: '0.3', due: '0.3' },
      },
    ],
  ];
  for (const [what, texts] of kept) {
    it(`are kept by ${what}`, async () => {
      expect((await examine(texts)).number).to.equal('A-1');
    });
  }

  it('are five', () => {
    expect(moneyRules.map(({ rule }) => rule)).to.deep.equal([
      'BR-CO-10',
      'BR-CO-13',
      'BR-CO-14',
      'BR-CO-15',
      'BR-CO-16',
    ]);
  });

  it('are all reported when several are broken', async () => {
    const refused = await rejectionOf(examine({ lineNet: '1', due: '1' }), InvoiceRefused);
    expect(refused.rules).to.deep.equal(['BR-CO-10', 'BR-CO-13', 'BR-CO-16']);
  });
});
