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
 * @throws PlbaError what {@link checkGroupName} throws
 */
export function groupsOf(contributor: string, groups: readonly string[] = ['ready']): string[] {
  for (const group of groups) {
    if (group === 'live') {
      throw new PlbaError('HEALTH_GROUP_INVALID', `health contributor "${contributor}" asks for the group "live"`, {
        hint: 'live is about the own progress of workers: a dependency in it gets the application restarted when that does not help; use "ready"',
      });
    }
    checkGroupName(group, `health contributor "${contributor}"`);
  }
  return [...new Set(groups)];
}

/**
 * Refuses a name that no group can have.
 *
 * @param asker who asks for it, for the message
 * @throws PlbaError `NAME_INVALID` when it could not stand in a route
 * @throws PlbaError `HEALTH_GROUP_INVALID` for `started`, the name that others have for `startup`
 */
export function checkGroupName(group: unknown, asker: string): asserts group is string {
  if (typeof group !== 'string' || !pattern.test(group) || group in Object.prototype) {
    throw new PlbaError('NAME_INVALID', `${asker} asks for a group that cannot be: ${JSON.stringify(group)}`, {
      hint: 'use letters, digits, "-", "_" and ".", starting with a letter or a digit, at most 64',
    });
  }
  if (group === 'started') {
    throw new PlbaError('HEALTH_GROUP_INVALID', `${asker} asks for the group "started"`, {
      hint: 'that is another name of the group "startup": use "startup", or choose another name',
    });
  }
}
