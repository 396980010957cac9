import { shown } from './absent.js';
import type { Health, Member, Status } from './answers.js';
import { badge, moment } from './badges.js';
import type { Controls } from './controls.js';
import { shutdownDraft } from './draft.js';
import { bytes, duration, lastingFor } from './format.js';
import type { Model } from './model.js';
import { workerAddress } from './place.js';
import { facts, section, table } from './tables.js';
import { make, type Tree } from './tree.js';
import { workersTable } from './workers-table.js';

/** How the application is, who works in it, and what it stands on. */
export function overview(model: Model, controls: Controls, nowMs: number): Tree {
  return [
    section(
      'Health',
      shown(model.health, 'health', (health) => troubles(health, nowMs)),
    ),
    section(
      'Workers',
      shown(model.workers, 'the workers', () => workersTable(model, controls, nowMs)),
    ),
    shown(model.health, 'health', (health) => contributors(health, nowMs)),
    section(
      'Application',
      shown(model.status, 'the application', (status) => application(status, controls)),
    ),
  ];
}

/** What is not well, the worst first, each with its reason. */
function troubles({ status, reason, workers, contributors }: Health, nowMs: number): Tree {
  const members = [
    ...Object.entries<Member>(contributors).map(([name, member]) => ({ name, member, kind: 'contributor' })),
    ...Object.entries<Member>(workers).map(([name, member]) => ({ name, member, kind: 'worker' })),
  ];
  const bad = members.filter(({ member }) => member.status !== 'ok');
  const worstFirst = bad.sort((a, b) => b.member.status.localeCompare(a.member.status));
  if (worstFirst.length === 0 && reason === undefined) {
    return make('p', { class: 'all-well' }, badge(status), ' All is well.');
  }
  return [
    reason !== undefined && make('p', {}, badge(status), ` ${reason}`),
    make(
      'ul',
      { class: 'troubles' },
      worstFirst.map(({ name, member, kind }) =>
        make(
          'li',
          { key: `${kind} ${name}`, class: member.status },
          badge(member.status),
          make('strong', {}, kind === 'worker' ? make('a', { href: workerAddress(name) }, name) : name),
          make('span', {}, member.reason ?? 'gives no reason'),
          make(
            'span',
            { class: 'why' },
            aside(kind, member),
            member.since !== undefined && lasting(member.since, nowMs),
          ),
        ),
      ),
    ),
  ];
}

function aside(kind: string, { raw, status }: Member): string {
  return raw === undefined || raw === status ? `${kind}, ` : `${kind}, ${raw} by itself but not critical, `;
}

function lasting(since: string, nowMs: number): Tree {
  return ['for ', make('time', { datetime: since }, lastingFor(since, nowMs))];
}

function contributors({ contributors }: Health, nowMs: number): Tree {
  const entries = Object.entries<Member>(contributors);
  if (entries.length === 0) return undefined;
  const rows = entries.map(([name, { status, reason, since, checkedAt, critical }]) => ({
    key: name,
    cells: [
      [name, critical === false && make('span', { class: 'why' }, 'not critical')],
      [badge(status), reason !== undefined && make('span', { class: 'why' }, reason)],
      since === undefined ? '' : lastingFor(since, nowMs),
      checkedAt === undefined ? 'never' : moment(checkedAt, nowMs),
    ],
  }));
  const columns = ['Contributor', 'Health', 'For', 'Checked'];
  return section('What it depends on', make('div', { class: 'cards' }, table('Health contributors', columns, rows)));
}

function application(status: Status, controls: Controls): Tree {
  const { name, version, modules, uptimeMs, process } = status;
  const onclick = (): void => {
    controls.begin(shutdownDraft(name));
  };
  return [
    facts([
      ['Modules', modules.join(', ')],
      ['Up for', duration(uptimeMs)],
      ['PLBA', version],
      ['Process', `${process.pid} on ${process.host}`],
      ['Node.js', process.node],
      ['Memory', `${bytes(process.rssBytes)}, heap ${bytes(process.heapUsedBytes)}`],
    ]),
    make('p', {}, make('button', { type: 'button', class: 'grave', onclick }, 'Shut down …')),
  ];
}
