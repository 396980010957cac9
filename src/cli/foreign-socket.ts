import { lstatSync, type Stats, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { CommandFailure, exitCodes } from './command-failure.js';

const root = 0;
const writableByOthers = 0o022;
const writableByAll = 0o002;
/** In such a folder nobody takes away or replaces what another user has put there. */
const sticky = 0o1000;

/**
 * Refuses a folder in which others could have put a socket of their own, which would be told what is meant for an application. Those
 * that applications make are for their user only.
 *
 * @throws CommandFailure `unreachable`
 */
export function refuseForeignFolder(folder: string): void {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined || process.platform === 'win32') return;
  if (found.isDirectory() && found.uid === userInfo().uid && (found.mode & writableByOthers) === 0) return;
  throw untrusted(`${folder} is not a folder of this user alone, and what listens there`);
}

/**
 * Refuses a socket that another user has made, or could have put in the place of the one that is meant. Only root reaches those of
 * applications that run as other users, and is told whose it is.
 *
 * @returns what is to be said, if anything
 * @throws CommandFailure `unreachable`
 */
export function refuseForeignSocket(path: string, user = userInfo().uid): string | undefined {
  const found = statOf(path);
  if (found === undefined || process.platform === 'win32') return undefined;
  if (!found.isSocket()) throw untrusted(`${path} is no socket, and what is there`);
  const folder = statSync(dirname(path));
  // On many systems each user has a group of their own, which may write into what the user makes.
  const writable = user === root ? writableByOthers : writableByAll;
  if ((folder.mode & writable) !== 0 && (folder.mode & sticky) === 0)
    throw untrusted(`others can write into the folder of ${path}, and what listens there`);
  if (found.uid === user) return undefined;
  if (user === root) return `${path} is of the user with the id ${found.uid}`;
  throw untrusted(`${path} is of the user with the id ${found.uid}, and what listens there`);
}

/** Undefined where nothing is, or nothing can be seen: whoever connects to it says what is wrong. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function untrusted(what: string): CommandFailure {
  return new CommandFailure(
    exitCodes.unreachable,
    `${what} cannot be trusted`,
    'name the application with --url and PLBA_TOKEN, or with --socket where only this user can have made it',
  );
}
