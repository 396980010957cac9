import { join } from 'node:path';
import { errorCatalogue } from 'plba';

/** The page that lists the errors. */
export const errorsPageFile = join('docs', 'errors.md');

const rows = [['code', 'raised when'], ...Object.entries(errorCatalogue).map(([code, when]) => [`\`${code}\``, when])];

/** The table of all codes, sorted, as it stands in the page. */
export function errorsTable(): string {
  const [head = [], ...codes] = rows;
  codes.sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |\n`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...codes.map(line)].join('');
}

/** The page with its table replaced by the one of today. */
export function withErrorsTable(page: string): string {
  return page.replace(/^\| code .*\n(\|.*\n)*/m, () => errorsTable());
}
