import { PlbaError } from '../errors.js';

/** The groups that every application has. */
export const builtInGroups = ['live', 'ready', 'startup'] as const;

const pattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/**
 * The groups that a health contributor takes part in, each once.
 *
 * @param contributor name of the contributor, for the message
 * @param groups what its options say; default `['ready']`
 * @throws PlbaError `HEALTH_GROUP_INVALID` for `live`: a dependency that is down is no reason to restart the application
 * @throws PlbaError `NAME_INVALID` for a group that could not stand in a route
 */
export function groupsOf(contributor: string, groups: readonly string[] = ['ready']): string[] {
  for (const group of groups) {
    if (group === 'live') {
      throw new PlbaError('HEALTH_GROUP_INVALID', `health contributor "${contributor}" asks for the group "live"`, {
        hint: 'live is about the own progress of workers: a dependency in it gets the application restarted when that does not help; use "ready"',
      });
    }
    if (typeof group !== 'string' || !pattern.test(group) || group in Object.prototype) {
      throw new PlbaError(
        'NAME_INVALID',
        `health contributor "${contributor}" asks for a group that cannot be: ${JSON.stringify(group)}`,
        { hint: 'use letters, digits, "-", "_" and ".", starting with a letter or a digit, at most 64' },
      );
    }
  }
  return [...new Set(groups)];
}
