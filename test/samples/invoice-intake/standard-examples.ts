import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { InvoiceKind } from '../../../samples/invoice-intake/invoice/invoice-document.js';

/** Where the example invoices of EN 16931 lie, beside the project; they are not part of it. */
export const standardExamples = path.resolve(__dirname, '../../../../shared/data/en16931-ubl');

/** What a person found in an example. */
export interface ExampleRow {
  readonly file: string;
  readonly kind: InvoiceKind;
  readonly number: string;
  readonly issueDate: string;
  readonly currency: string;
  readonly lines: number;
  readonly due: string;
}

/** The table that comes with the examples. */
export function exampleTable(): ExampleRow[] {
  const readme = readFileSync(path.join(standardExamples, 'README.md'), 'utf8');
  return readme
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => {
      const [file, kind, number, issueDate, currency, lines, due] = line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
      return {
        file: file!.replaceAll('`', ''),
        kind: kind as InvoiceKind,
        ...{ number: number!, issueDate: issueDate!, currency: currency!, lines: Number(lines), due: due! },
      };
    });
}
