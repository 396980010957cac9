import type { Controls } from './controls.js';
import type { Draft } from './draft.js';
import type { Model } from './model.js';
import { tokenIn } from './token-in-text.js';
import { type Branch, make, type Tree } from './tree.js';

/** The dialog that is open, if one is: an order being made up, or the question for a token. */
export function dialogs({ tokenWish, draft }: Model, controls: Controls): Tree {
  if (tokenWish !== undefined) return tokenDialog(tokenWish, controls);
  return draft === undefined ? undefined : draftDialog(draft, controls);
}

function draftDialog(draft: Draft, controls: Controls): Tree {
  const { title, explanation, verb, levels, force, typed } = draft;
  const onsubmit = (event: Event): void => {
    event.preventDefault();
    if (!(event.target instanceof HTMLFormElement)) return;
    const data = new FormData(event.target);
    const text = (name: string): string => {
      const value = data.get(name);
      return typeof value === 'string' ? value.trim() : '';
    };
    controls.send({ reason: text('reason'), force: data.has('force'), level: text('level'), for: text('for') });
  };
  return dialog(
    title,
    controls,
    make(
      'form',
      { onsubmit },
      make('p', {}, explanation),
      levels !== undefined && [
        choice(
          'Level',
          'level',
          levels.options.map((level) => [level, level]),
          levels.current,
        ),
        choice('For', 'for', lengths, '10m'),
      ],
      field('Reason, for the audit', { name: 'reason', required: true, maxlength: 500, autocomplete: 'off' }),
      force !== undefined && [
        check(force.label, { name: 'force', onchange: askForSecondYes }),
        make('div', { class: 'loss' }, check(`${force.loss} Do it.`, { name: 'sure', disabled: true })),
      ],
      typed !== undefined &&
        field(`This cannot be undone. To confirm, type ${typed}`, {
          ...{ name: 'typed', required: true, pattern: literally(typed), title: typed, autocomplete: 'off' },
        }),
      buttons(verb, typed !== undefined, controls),
    ),
  );
}

/** Whoever wants force has to say twice that they mean it. */
function askForSecondYes({ target }: Event): void {
  if (!(target instanceof HTMLInputElement)) return;
  const sure = target.form?.elements.namedItem('sure');
  if (!(sure instanceof HTMLInputElement)) return;
  sure.disabled = !target.checked;
  sure.required = target.checked;
  sure.checked = false;
}

const lengths = [
  ['5m', '5 minutes'],
  ['10m', '10 minutes'],
  ['1h', '1 hour'],
  ['8h', '8 hours'],
  ['', 'until it is taken back'],
] as const;

function tokenDialog(wish: string, controls: Controls): Tree {
  const onsubmit = (event: Event): void => {
    event.preventDefault();
    if (!(event.target instanceof HTMLFormElement)) return;
    const typed = new FormData(event.target).get('token');
    if (typeof typed !== 'string') return;
    const token = tokenIn(typed, location.origin);
    if (typeof token === 'string') {
      if (token !== '') controls.signIn(token);
      return;
    }
    event.target.reset();
    controls.refuseLink(token.page);
  };
  return dialog(
    'Enter token',
    controls,
    make(
      'form',
      { onsubmit },
      make('p', { role: 'status' }, wish),
      make(
        'p',
        { class: 'quiet' },
        'It is the one that the application was configured with. An application that was started to be tried out has written a link instead, where it was started: open that, or paste the whole of it here. This page keeps the token until it is closed or reloaded, and nowhere else.',
      ),
      field('Token', { name: 'token', type: 'password', required: true, autocomplete: 'off' }),
      buttons('Use token', false, controls),
    ),
  );
}

function dialog(title: string, controls: Controls, content: Branch): Branch {
  const onclose = (): void => {
    controls.cancel();
  };
  return make(
    'dialog',
    { key: title, onclose, 'aria-labelledby': 'dialog-title' },
    make('h2', { id: 'dialog-title' }, title),
    content,
  );
}

function buttons(verb: string, isGrave: boolean, controls: Controls): Branch {
  const onclick = (): void => {
    controls.cancel();
  };
  return make(
    'div',
    { class: 'buttons' },
    make('button', { type: 'submit', class: isGrave ? 'grave' : 'main' }, verb),
    make('button', { type: 'button', onclick }, 'Cancel'),
  );
}

function field(label: string, attributes: Record<string, string | number | boolean>): Branch {
  return make('label', { class: 'field' }, make('span', {}, label), make('input', { type: 'text', ...attributes }));
}

function check(label: string, attributes: Record<string, string | boolean | ((event: Event) => void)>): Branch {
  return make('label', { class: 'check' }, make('input', { type: 'checkbox', ...attributes }), make('span', {}, label));
}

function choice(label: string, name: string, options: readonly (readonly [string, string])[], chosen: string): Branch {
  const items = options.map(([value, text]) => make('option', { value, selected: value === chosen }, text));
  return make('label', { class: 'field' }, make('span', {}, label), make('select', { name }, items));
}

/** A pattern that only this text fits. */
function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
