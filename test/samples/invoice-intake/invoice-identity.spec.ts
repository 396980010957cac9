import { expect } from 'chai';
import { examineInvoice } from '../../../samples/invoice-intake/invoice/examine-invoice.js';
import { identityOf } from '../../../samples/invoice-intake/ledger/invoice-identity.js';
import { anInvoice, type InvoiceTexts } from './an-invoice.js';

const identity = async (texts: InvoiceTexts) => identityOf(await examineInvoice(Buffer.from(anInvoice(texts))));

describe('the identity of an invoice', () => {
  it('is its kind, its number, and its seller by every name there is', async () => {
    expect(await identity({ sellerVatId: 'DE 812.345-675', sellerGln: '4012345000009' })).to.deep.equal({
      kind: 'Invoice',
      number: 'A-1',
      sellers: ['id 0088:4012345000009', 'name seller ltd.', 'vat de812345675'],
    });
  });

  it('does not depend on how the name is spaced and spelled', async () => {
    expect(await identity({ sellerName: 'SELLER\n   Ltd.' })).to.deep.equal(await identity({}));
  });

  it('takes the number as it is', async () => {
    expect((await identity({ number: 'a-1' })).number).to.equal('a-1');
  });
});
