import { shown } from './absent.js';
import type { Setting } from './answers.js';
import type { Controls } from './controls.js';
import { reloadDraft } from './draft.js';
import { plain } from './format.js';
import type { Model } from './model.js';
import { section, table } from './tables.js';
import { make, type Tree } from './tree.js';
import { filterField } from './workers-table.js';

/** Every setting with where it came from. */
export function settingsPage(model: Model, controls: Controls): Tree {
  return section(
    'Configuration',
    shown(model.settings, 'the configuration', (settings) => list(settings, model.filter, controls)),
  );
}

function list(settings: readonly Setting[], filter: string, controls: Controls): Tree {
  const wanted = filter.trim().toLowerCase();
  const fits = ({ path, source }: Setting): boolean =>
    path.toLowerCase().includes(wanted) || source.toLowerCase().includes(wanted);
  // What somebody has set comes before what nobody has.
  const rows = [...settings]
    .filter(fits)
    .sort((a, b) => Number(a.isDefault) - Number(b.isDefault))
    .map(({ path, value, source, isDefault }) => ({
      key: path,
      attributes: { class: isDefault ? 'default' : undefined },
      cells: [make('code', {}, path), make('code', {}, plain(value)), source],
    }));
  const onclick = (): void => {
    controls.begin(reloadDraft);
  };
  return [
    make(
      'div',
      { class: 'bar-above' },
      filterField('Find a setting by key or source', filter, controls),
      make('button', { type: 'button', onclick }, 'Reload …'),
    ),
    make('div', { class: 'cards' }, table('Settings', ['Key', 'Value', 'From'], rows)),
  ];
}
