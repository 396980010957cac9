import { lstat } from 'node:fs/promises';
import path from 'node:path';

/** Whom the server runs as. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** Known as `nobody` on most systems. */
const nobody: ServerUser = { uid: 65534, gid: 65534 };

/** PostgreSQL refuses to run as root. For everybody else, and where there are no user ids, it runs as they are: undefined. */
export function serverUser(): ServerUser | undefined {
  return process.getuid?.() === 0 ? nobody : undefined;
}

/** Whether `user` may read what is at `place`: it is open to others, and so is every folder on the way. */
export async function canReach(place: string, user: ServerUser | undefined): Promise<boolean> {
  if (user === undefined) return true;
  const readAndSearch = 0o5;
  const search = 0o1;
  const { mode } = await lstat(place);
  if ((mode & readAndSearch) !== readAndSearch) return false;
  for (let folder = path.dirname(place); ; folder = path.dirname(folder)) {
    if (((await lstat(folder)).mode & search) === 0) return false;
    if (folder === path.dirname(folder)) return true;
  }
}
