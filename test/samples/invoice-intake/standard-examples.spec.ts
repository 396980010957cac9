import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { examineInvoice } from '../../../samples/invoice-intake/invoice/examine-invoice.js';
import type { InvoiceDocument } from '../../../samples/invoice-intake/invoice/invoice-document.js';
import { InvoiceRefused } from '../../../samples/invoice-intake/invoice/invoice-refused.js';
import { XmlRefused } from '../../../samples/invoice-intake/xml/xml-refused.js';
import { rejectionOf } from './rejection-of.js';
import { exampleTable, standardExamples } from './standard-examples.js';

const read = (file: string) => readFileSync(path.join(standardExamples, file));

describe('the example invoices of EN 16931', () => {
  if (!existsSync(standardExamples)) {
    it('are not on this machine');
    return;
  }
  const table = exampleTable();

  it('are all in the table', () => {
    const files = readdirSync(standardExamples).filter((file) => /\.xml$/i.test(file));
    expect(table.map(({ file }) => file).sort()).to.deep.equal(files.sort());
    expect(table).to.have.length(19);
  });

  for (const { file, ...row } of table) {
    it(`${file} is read as the table has it, and keeps the money rules`, async () => {
      expect(summary(await examineInvoice(read(file)))).to.deep.equal(row);
    });
  }

  it('are refused wherever they are broken off', async function () {
    this.timeout(20_000);
    for (const { file } of table) {
      const bytes = read(file);
      const end = bytes.lastIndexOf('>');
      for (let part = 0; part < 12; part += 1) {
        const length = Math.floor((end * part) / 12) + part;
        const error = await rejectionOf(examineInvoice(bytes.subarray(0, length)), XmlRefused);
        expect([file, length, error.code]).to.deep.equal([file, length, 'truncated']);
      }
      await rejectionOf(examineInvoice(bytes.subarray(0, end)), XmlRefused);
    }
  });

  const mutations: [rule: string, element: string][] = [
    ['BR-CO-10', 'LegalMonetaryTotal>\\s*<cbc:LineExtensionAmount'],
    ['BR-CO-13', 'TaxExclusiveAmount'],
    ['BR-CO-14', 'TaxTotal>\\s*<cbc:TaxAmount'],
    ['BR-CO-15', 'TaxInclusiveAmount'],
    ['BR-CO-16', 'PayableAmount'],
  ];
  for (const [rule, element] of mutations) {
    it(`break ${rule} when the amount that it is about is one digit off`, async () => {
      for (const { file } of table) {
        const text = read(file).toString('utf8');
        const changed = text.replace(
          new RegExp(`(${element}[^>]*>[^<]*?)(\\d)(?=</)`),
          (_, before: string, digit: string) => before + String((Number(digit) + 1) % 10),
        );
        expect(changed, file).not.to.equal(text);
        const refused = await rejectionOf(examineInvoice(Buffer.from(changed)), InvoiceRefused);
        expect(refused.rules, file).to.include(rule);
      }
    });
  }
});

function summary(invoice: InvoiceDocument) {
  const { kind, number, issueDate, currency, lines, totals } = invoice;
  return { kind, number, issueDate, currency, lines: lines.length, due: totals.due };
}
