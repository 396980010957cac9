import type { XmlElement } from '../xml/xml-element.js';
import { FieldReader } from './field-reader.js';
import type { InvoiceDocument } from './invoice-document.js';
import { InvoiceRefused } from './invoice-refused.js';
import { readLines, readTotals, readVat } from './read-money.js';
import { readParty } from './read-party.js';
import { ublRoots, ublTerms } from './ubl.js';

/**
 * The invoice in a UBL 2.1 document.
 * @throws {InvoiceRefused} with everything that is missing, doubled or not of its type; amounts are not added up here
 */
export function readInvoice(root: XmlElement): InvoiceDocument {
  const document = ublRoots.get(root.name);
  if (document === undefined) {
    throw new InvoiceRefused([{ problem: `the document is no UBL invoice or credit note but "${root.name}"` }]);
  }
  const reader = new FieldReader();
  const currency = readCurrency(reader, root);
  // Without its currency no amount of an invoice means anything: complaints about each of them would be noise.
  if (currency === undefined) throw new InvoiceRefused(reader.violations);

  const vat = readVat(reader, root, currency);
  const invoice: InvoiceDocument = {
    kind: document.kind,
    number: reader.text(root, ublTerms.number),
    issueDate: readIssueDate(reader, root),
    currency,
    seller: readParty(reader, root, 'cac:AccountingSupplierParty', ublTerms.sellerName),
    buyer: readParty(reader, root, 'cac:AccountingCustomerParty', ublTerms.buyerName),
    lines: readLines(reader, root, document.line, currency),
    vatByCategory: vat.byCategory,
    totals: readTotals(reader, root, vat.total, currency),
  };
  if (reader.violations.length > 0) throw new InvoiceRefused(reader.violations);
  return invoice;
}

function readCurrency(reader: FieldReader, root: XmlElement): string | undefined {
  const currency = reader.text(root, ublTerms.currency);
  if (/^[A-Z]{3}$/.test(currency)) return currency;
  if (currency !== '') {
    reader.note({ rule: 'BR-CL-04', problem: `the currency (BT-5) is no code of ISO 4217: "${currency}"` });
  }
  return undefined;
}

function readIssueDate(reader: FieldReader, root: XmlElement): string {
  const date = reader.text(root, ublTerms.issueDate);
  if (date !== '' && !isCalendarDay(date)) {
    reader.note({ problem: `the issue date (BT-2) is no day written as YYYY-MM-DD: "${date}"` });
  }
  return date;
}

/** Whether the text is a day that exists: one that does not, such as 30 February, rolls over and comes back changed. */
function isCalendarDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
