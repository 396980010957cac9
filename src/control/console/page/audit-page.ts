import { shown } from './absent.js';
import type { AuditEntry } from './answers.js';
import { badge, instant } from './badges.js';
import { deedOf } from './deeds.js';
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
      const rows = entries.map((entry) => ({
        key: String(entry.id),
        cells: [instant(entry.when, nowMs), deed(entry), entry.who, entry.reason ?? '', result(entry)],
      }));
      const columns = ['When (UTC)', 'What', 'Who', 'Reason', 'Result'];
      return make('div', { class: 'cards' }, table('Changes, newest first', columns, rows));
    }),
  );
}

function deed(entry: AuditEntry): Tree {
  const { words, about } = deedOf(entry);
  return make('span', { title: entry.what }, words, about && [' ', make('a', { href: about.href }, about.name)]);
}

/** How it went, and what has become another by it. */
function result({ result, code, before, after }: AuditEntry): Tree {
  const [from, to] = [plain(before ?? undefined), plain(after ?? undefined)];
  return [
    badge(result),
    code !== undefined && make('span', { class: 'why' }, code),
    from !== to && make('span', { class: 'why' }, `${from || 'nothing'} → ${to || 'nothing'}`),
  ];
}
