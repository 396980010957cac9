import { shown } from './absent.js';
import { badge, moment } from './badges.js';
import { plain } from './format.js';
import type { Model } from './model.js';
import { section, table } from './tables.js';
import { make, type Tree } from './tree.js';

/** Every change that was asked for, done or refused. */
export function auditPage(model: Model, nowMs: number): Tree {
  return section(
    'Audit',
    shown(model.audit, 'the audit', (entries) => {
      if (entries.length === 0) return make('p', { class: 'quiet' }, 'Nobody has asked for a change yet.');
      const rows = entries.map(({ id, when, who, what, fields, reason = '', before, after, result, code }) => ({
        key: String(id),
        cells: [
          moment(when, nowMs),
          who,
          [what, fields !== undefined && make('span', { class: 'why' }, plain(fields))],
          reason,
          plain(before ?? undefined),
          plain(after ?? undefined),
          [badge(result), code !== undefined && make('span', { class: 'why' }, code)],
        ],
      }));
      const columns = ['When', 'Who', 'What', 'Reason', 'Before', 'After', 'Result'];
      return make('div', { class: 'cards' }, table('Changes, newest first', columns, rows));
    }),
  );
}
