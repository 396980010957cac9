import { shown } from './absent.js';
import type { LoggerLevel } from './answers.js';
import type { Controls } from './controls.js';
import { levelDraft } from './draft.js';
import { fromNow } from './format.js';
import type { Model } from './model.js';
import { section, table } from './tables.js';
import { make, type Tree } from './tree.js';

/** Every logger with its level, which can be changed for a while. */
export function loggersPage(model: Model, controls: Controls, nowMs: number): Tree {
  return section(
    'Loggers',
    shown(model.loggers, 'loggers', ({ loggers, lines }) => {
      const rows = Object.entries(loggers).map(([name, level]) => ({
        key: name,
        cells: cells(name, level, controls, nowMs),
      }));
      const columns = ['Logger', 'Configured', 'In force', 'Changed', 'Actions'];
      return [
        make('div', { class: 'cards' }, table('Loggers', columns, rows)),
        lines !== undefined &&
          make(
            'p',
            { class: 'quiet' },
            `${lines.written} lines written, ${lines.waiting} waiting, ${lines.dropped} dropped`,
          ),
      ];
    }),
  );
}

function cells(name: string, level: LoggerLevel, controls: Controls, nowMs: number): Tree[] {
  const { configured, effective, override } = level;
  const onclick = (): void => {
    controls.begin(levelDraft(name, effective, override !== undefined));
  };
  const isOther = effective !== configured;
  return [
    make('code', {}, name),
    configured,
    isOther ? make('strong', {}, effective) : effective,
    override === undefined ? (isOther ? 'with the logger above' : '') : changed(override, nowMs),
    make('button', { type: 'button', onclick, 'aria-label': `Change level of ${name}` }, 'Change …'),
  ];
}

function changed({ by, reason, until }: NonNullable<LoggerLevel['override']>, nowMs: number): string {
  const end = until === undefined ? 'until it is taken back' : `ends ${fromNow(until, nowMs)}`;
  return [by === undefined ? '' : `by ${by}`, reason ?? '', end].filter(Boolean).join(', ');
}
