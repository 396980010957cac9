import { auditPage } from './audit-page.js';
import { badge } from './badges.js';
import type { Controls } from './controls.js';
import { dialogs } from './dialogs.js';
import { clockTime, duration } from './format.js';
import { loggersPage } from './loggers-page.js';
import type { Model, Notice } from './model.js';
import { overview } from './overview.js';
import { addressOf, sections } from './place.js';
import { settingsPage } from './settings-page.js';
import { startPage } from './start-page.js';
import { make, type Tree } from './tree.js';
import { workerPage } from './worker-page.js';

/** The whole page. */
export function page(model: Model, controls: Controls, nowMs: number): readonly Tree[] {
  return [
    head(model, controls),
    silence(model, nowMs),
    make(
      'main',
      { id: 'main', tabindex: -1, class: model.link.state === 'lost' ? 'old' : undefined },
      content(model, controls, nowMs),
    ),
    notices(model.notices, controls),
    dialogs(model, controls),
  ];
}

function content(model: Model, controls: Controls, nowMs: number): Tree {
  const { place } = model;
  if (model.link.state === 'locked' && model.workers.value === undefined) {
    const onclick = (): void => {
      controls.askForToken();
    };
    return make(
      'section',
      { class: 'locked' },
      make('p', {}, 'This application shows itself to those who have a token.'),
      make('button', { type: 'button', class: 'main', onclick }, 'Enter token'),
    );
  }
  switch (place.kind) {
    case 'overview':
      return overview(model, controls, nowMs);
    case 'start':
      return startPage(model);
    case 'configuration':
      return settingsPage(model, controls);
    case 'loggers':
      return loggersPage(model, controls, nowMs);
    case 'audit':
      return auditPage(model, nowMs);
    case 'worker':
      return workerPage(model, place.name, place.run, controls, nowMs);
  }
}

function head(model: Model, controls: Controls): Tree {
  const status = model.status.value;
  const health = model.health.value;
  const signing = (): void => {
    if (model.hasToken) controls.signOut();
    else controls.askForToken();
  };
  return make(
    'header',
    {},
    make(
      'div',
      { class: 'title' },
      make('h1', {}, status?.name ?? 'PLBA'),
      make(
        'p',
        { role: 'status', class: 'standing' },
        model.link.state === 'lost'
          ? badge('no answer')
          : [status && badge(status.state), health && badge(health.status)],
      ),
      make('span', { class: `link ${model.link.state}` }, linkWords[model.link.state]),
      make('button', { type: 'button', onclick: signing }, model.hasToken ? 'Forget token' : 'Enter token'),
    ),
    make(
      'nav',
      { 'aria-label': 'Sections' },
      sections.map((section) =>
        make(
          'a',
          { href: addressOf(section), 'aria-current': section.kind === model.place.kind && 'page' },
          section.title,
        ),
      ),
    ),
  );
}

const linkWords: Readonly<Record<Model['link']['state'], string>> = {
  connecting: 'connecting …',
  live: 'live',
  polling: 'asks every 2 s',
  locked: 'needs a token',
  lost: 'trying again …',
};

/** Says that nobody answers, for as long as that is so. */
function silence({ link, status }: Model, nowMs: number): Tree {
  if (link.state !== 'lost') return undefined;
  const since = clockTime(new Date(link.since).toISOString());
  const ending = status.value?.state === 'stopping' ? 'It was stopping.' : 'It may have stopped, or is restarting.';
  const what = status.value === undefined ? '' : ` What you see is as it was then.`;
  return make(
    'div',
    { class: 'silence', role: 'alert' },
    `The application does not answer since ${since} (${duration(nowMs - link.since)}). ${ending}${what} This page goes on as soon as it is back.`,
  );
}

function notices(all: readonly Notice[], controls: Controls): Tree {
  return make(
    'div',
    { class: 'notices', role: 'status', 'aria-label': 'Notices' },
    all.map(({ id, kind, text, hint }) => {
      const onclick = (): void => {
        controls.dismiss(id);
      };
      return make(
        'div',
        { key: id, class: `notice ${kind}` },
        make('p', {}, text),
        hint !== undefined && make('p', { class: 'hint' }, hint),
        make('button', { type: 'button', onclick, 'aria-label': 'Dismiss' }, '×'),
      );
    }),
  );
}
