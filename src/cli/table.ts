import Table from 'cli-table3';
import stringWidth from 'string-width';
import { unprintable } from '../logging/visible.js';

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

/** Text that is only text to a terminal: nothing in it moves the cursor, ends a line, or turns the direction of what follows. */
export function plain(value: Cell): string {
  return String(value ?? '-').replace(unprintable, ' ');
}

/** JSON of the same meaning that is only text to a terminal. What stands between its parts, which is nothing but line feeds and spaces, stays. */
export function plainJson(text: string): string {
  return text.replace(unprintable, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** As much of a line as fits. A character may take two places, or none. */
export function cut(line: string, columns: number | undefined): string {
  if (columns === undefined || stringWidth(line) <= columns) return line;
  let fitting = '';
  let places = 1;
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    places += stringWidth(segment);
    if (places > columns) break;
    fitting += segment;
  }
  return `${fitting}…`;
}
