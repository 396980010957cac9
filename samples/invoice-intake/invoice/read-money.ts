import { elementsAt, type XmlElement } from '../xml/xml-element.js';
import type { DecimalText } from './decimal.js';
import type { FieldReader } from './field-reader.js';
import type { InvoiceLine, InvoiceTotals } from './invoice-document.js';
import { ublTerms } from './ubl.js';

/** The lines, which are elements called `lineName`. */
export function readLines(reader: FieldReader, root: XmlElement, lineName: string, currency: string): InvoiceLine[] {
  const lines = elementsAt(root, lineName);
  if (lines.length === 0) reader.note({ rule: 'BR-16', problem: 'there is no line (BG-25)' });
  return lines.map((line) => ({
    id: reader.text(line, ublTerms.lineId),
    netAmount: reader.amount(line, ublTerms.lineNetAmount, currency),
  }));
}

/** VAT in the invoice's currency: its total and what it is made of. */
export function readVat(
  reader: FieldReader,
  root: XmlElement,
  currency: string,
): { readonly total: DecimalText; readonly byCategory: readonly DecimalText[] } {
  // A second total states the VAT in the accounting currency (BT-111): it takes no part in the sums.
  const inCurrency = elementsAt(root, 'cac:TaxTotal').filter((total) =>
    elementsAt(total, ublTerms.vat.path).some(({ attributes }) => attributes.get('currencyID') === currency),
  );
  const [vat, ...more] = inCurrency;
  if (vat === undefined || more.length > 0) {
    const problem = `there must be one total of VAT (BT-110) in ${currency}, and there are ${inCurrency.length}`;
    reader.note({ rule: ublTerms.vat.rule, problem });
    return { total: '0', byCategory: [] };
  }
  const categories = elementsAt(vat, 'cac:TaxSubtotal');
  if (categories.length === 0) reader.note({ rule: 'BR-CO-18', problem: 'there is no VAT category (BG-23)' });
  return {
    total: reader.amount(vat, ublTerms.vat, currency),
    byCategory: categories.map((category) => reader.amount(category, ublTerms.vatOfCategory, currency)),
  };
}

/** The totals of the document, with the total of VAT, which stands elsewhere. */
export function readTotals(reader: FieldReader, root: XmlElement, vat: DecimalText, currency: string): InvoiceTotals {
  const allowances = reader.optionalAmount(root, ublTerms.allowances, currency);
  const charges = reader.optionalAmount(root, ublTerms.charges, currency);
  const paid = reader.optionalAmount(root, ublTerms.paid, currency);
  const rounding = reader.optionalAmount(root, ublTerms.rounding, currency);
  return {
    lineNet: reader.amount(root, ublTerms.lineNet, currency),
    ...(allowances !== undefined && { allowances }),
    ...(charges !== undefined && { charges }),
    withoutVat: reader.amount(root, ublTerms.withoutVat, currency),
    vat,
    withVat: reader.amount(root, ublTerms.withVat, currency),
    ...(paid !== undefined && { paid }),
    ...(rounding !== undefined && { rounding }),
    due: reader.amount(root, ublTerms.due, currency),
  };
}
