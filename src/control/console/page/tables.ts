import { breakable } from './long-words.js';
import { type Attributes, type Branch, make, type Tree } from './tree.js';

/** A row: what it is told, and a cell for each column. */
export interface Row {
  readonly key: string;
  readonly attributes?: Attributes;
  readonly cells: readonly Tree[];
}

/**
 * A table whose rows become cards on a narrow screen. The cards come by style alone, which takes the meaning of rows and cells
 * from a screen reader; so their roles are spelled out.
 */
export function table(caption: string, columns: readonly string[], rows: readonly Row[]): Branch {
  const head = columns.map((column) => make('th', { scope: 'col', role: 'columnheader' }, column));
  return make(
    'table',
    { role: 'table' },
    make('caption', { class: 'unseen' }, caption),
    make('thead', { role: 'rowgroup' }, make('tr', { role: 'row' }, ...head)),
    make(
      'tbody',
      { role: 'rowgroup' },
      rows.map(({ key, attributes = {}, cells }) =>
        make('tr', { ...attributes, key, role: 'row' }, ...cells.map((cell, index) => cellOf(columns, cell, index))),
      ),
    ),
  );
}

function cellOf(columns: readonly string[], cell: Tree, index: number): Branch {
  const label = columns[index] ?? '';
  const content = breakable(cell);
  if (index === 0) return make('th', { scope: 'row', role: 'rowheader', 'data-label': label }, content);
  return make('td', { role: 'cell', 'data-label': label }, content);
}

/** Names and what belongs to them. */
export function facts(entries: readonly (readonly [name: string, value: Tree])[]): Branch {
  const pairs = entries.filter(([, value]) => value !== undefined && value !== '' && value !== false);
  return make(
    'dl',
    { class: 'facts' },
    pairs.map(([name, value]) => make('div', { key: name }, make('dt', {}, name), make('dd', {}, value))),
  );
}

/** A part of the page with its heading. */
export function section(title: string, ...content: readonly Tree[]): Branch {
  const id = `section-${title.toLowerCase().replace(/\W+/g, '-')}`;
  return make('section', { key: id, 'aria-labelledby': id }, make('h2', { id }, title), ...content);
}
