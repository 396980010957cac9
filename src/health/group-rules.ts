import { PlbaError } from '../errors.js';
import { checkGroupName } from './group-names.js';

/** What configuration says about who is in a group. Who is taken in and left out is left out. */
export interface GroupRule {
  /** Names of workers and contributors; `*` is everybody. */
  readonly include?: readonly string[];
  /** Likewise. */
  readonly exclude?: readonly string[];
}

/** The rules of all groups that configuration says something about, by name. */
export type GroupRules = Readonly<Record<string, GroupRule>>;

/** Everybody. */
const everybody = '*';

/** The groups of a member: those that it has by itself, and what the rules add and take away. Each once. */
export function groupsByRules(rules: GroupRules, member: string, own: readonly string[]): string[] {
  const groups = new Set(own);
  for (const [group, { include = [], exclude = [] }] of Object.entries(rules)) {
    if (names(include, member)) groups.add(group);
    if (names(exclude, member)) groups.delete(group);
  }
  return [...groups];
}

/**
 * Refuses rules that cannot be meant.
 *
 * @throws PlbaError `HEALTH_MEMBER_UNKNOWN` when a rule names nobody
 * @throws PlbaError `HEALTH_GROUP_INVALID` when a contributor is taken into `live`, and for a name that is taken
 * @throws PlbaError `NAME_INVALID` for a group that could not stand in a route
 */
export function checkGroupRules(rules: GroupRules, workers: readonly string[], contributors: readonly string[]): void {
  const known = new Set([everybody, ...workers, ...contributors]);
  for (const [group, { include = [], exclude = [] }] of Object.entries(rules)) {
    const setting = `plba.health.groups.${group}`;
    checkGroupName(group, setting);
    const unknown = [...include, ...exclude].find((name) => !known.has(name));
    if (unknown !== undefined) {
      throw new PlbaError(
        'HEALTH_MEMBER_UNKNOWN',
        `${setting} names "${unknown}", which is no worker and no contributor`,
        {
          hint: `there are: ${[...workers, ...contributors].join(', ') || 'none'}; "*" is everybody`,
        },
      );
    }
    if (group !== 'live') continue;
    const dependency = include.find((name) => name === everybody || !workers.includes(name));
    if (dependency !== undefined) throw dependencyInLive(setting, dependency);
  }
}

function names(list: readonly string[], member: string): boolean {
  return list.includes(member) || list.includes(everybody);
}

function dependencyInLive(setting: string, name: string): PlbaError {
  return new PlbaError('HEALTH_GROUP_INVALID', `${setting} takes in "${name}", which is more than workers`, {
    hint: 'live is about the own progress of workers: a dependency in it gets the application restarted when that does not help; use "ready"',
  });
}
