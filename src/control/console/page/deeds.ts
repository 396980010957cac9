import type { AuditEntry } from './answers.js';
import { plain } from './format.js';
import { addressOf, decode, workerAddress } from './place.js';

/** A change in words: what was done, and to what. */
export interface Deed {
  readonly words: string;
  /** What it was done to, and where the page shows that. Absent where it is the whole application. */
  readonly about?: { readonly name: string; readonly href: string };
}

const verbs: Readonly<Record<string, string>> = {
  start: 'Start',
  stop: 'Stop',
  restart: 'Restart',
  pause: 'Pause',
  resume: 'Resume',
  run: 'Run now',
};

/** What was asked for, in words. A route of the application's own is named as it is asked for. */
export function deedOf({ what, fields = {} }: Pick<AuditEntry, 'what' | 'fields'>): Deed {
  const [method = '', path = ''] = what.split(' ', 2);
  const [kind, name = '', action = '', more] = path.split('/').slice(1).map(decode);
  const { force, level, for: duration } = fields;
  const how = force === true ? ' by force' : '';
  const verb = verbs[action];
  if (method === 'POST' && kind === 'workers' && verb !== undefined && more === undefined)
    return { words: verb + how, about: { name, href: workerAddress(name) } };
  if (method === 'PUT' && kind === 'loggers' && action === '' && level !== undefined) {
    const time = duration === undefined ? '' : ` for ${plain(duration)}`;
    const words = level === 'inherit' ? 'Take back the level of' : `Set level ${plain(level)}${time} of`;
    return { words, about: { name, href: addressOf({ kind: 'loggers' }) } };
  }
  if (what === 'POST /config/reload') return { words: 'Reload the configuration' };
  if (what === 'POST /shutdown') return { words: `Shut down${how}` };
  return { words: Object.keys(fields).length === 0 ? what : `${what} ${plain(fields)}` };
}
