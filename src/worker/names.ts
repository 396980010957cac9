import { PlbaError } from '../errors.js';

const pattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/**
 * Refuses a name that could not stand in a route, a configuration key, a log field and a plain object alike.
 * @param kind what is named, for the message, such as `worker`
 * @throws `NAME_INVALID`
 */
export function checkName(kind: string, name: unknown, owner: string): asserts name is string {
  const hint = 'use letters, digits, "-", "_" and ".", starting with a letter or a digit, at most 64';
  if (typeof name !== 'string' || !pattern.test(name)) {
    throw new PlbaError(
      'NAME_INVALID',
      `${kind} name ${typeof name === 'string' ? JSON.stringify(name) : String(name)} of ${owner} is not usable`,
      { hint },
    );
  }
  if (name in Object.prototype) {
    throw new PlbaError('NAME_INVALID', `${kind} name "${name}" of ${owner} is taken by every JavaScript object`, {
      hint: 'choose another name',
    });
  }
}
