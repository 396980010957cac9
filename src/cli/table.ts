import Table from 'cli-table3';

/** A cell: what stands there; nothing where nothing is known. */
export type Cell = string | number | undefined;

const noLines = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'])
    .map((name) => [name, '']),
);

/**
 * Rows under their headings, without lines, so that they can be cut into fields. Control characters of what somebody else has
 * written do not reach the terminal.
 *
 * @param columns width of the terminal; longer lines are cut. Undefined: there is none, and nothing is cut
 */
export function table(headings: readonly string[], rows: readonly (readonly Cell[])[], columns?: number): string {
  const made = new Table({
    chars: { ...noLines, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    head: headings.map((heading) => heading.toUpperCase()),
  });
  made.push(...rows.map((row) => row.map(plain)));
  const lines = made.toString().split('\n');
  return `${lines.map((line) => cut(line.trimEnd(), columns)).join('\n')}\n`;
}

/** Text that is only text to a terminal. */
export function plain(value: Cell): string {
  return String(value ?? '-').replace(/\p{Cc}/gu, ' ');
}

/** As much of a line as fits. */
export function cut(line: string, columns: number | undefined): string {
  const characters = Array.from(new Intl.Segmenter().segment(line), ({ segment }) => segment);
  return columns === undefined || characters.length <= columns ? line : `${characters.slice(0, columns - 1).join('')}…`;
}
