import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OwnPostgresFailed } from './own-postgres-failed.js';
import { canReach, type ServerUser } from './server-user.js';

/**
 * Makes the folder in which the server lives: `wanted`, or one for temporary files where the server's user cannot get there,
 * as when root has the project in a private folder. The same `wanted` always leads to the same folder.
 * @throws {OwnPostgresFailed} when the folder belongs to somebody else
 */
export async function makeServerFolder(wanted: string, user: ServerUser | undefined): Promise<string> {
  await mkdir(path.dirname(wanted), { recursive: true });
  if (await canReach(path.dirname(wanted), user)) return makeOwnFolder(wanted, user);
  const name = `invoice-intake-${createHash('sha256').update(wanted).digest('hex').slice(0, 12)}`;
  return makeOwnFolder(path.join(existsSync('/var/tmp') ? '/var/tmp' : tmpdir(), name), user);
}

async function makeOwnFolder(folder: string, user: ServerUser | undefined): Promise<string> {
  await mkdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
  // In a folder for temporary files anybody may have been there first: what they planted is not used.
  const found = await lstat(folder);
  if (!found.isDirectory() || (process.getuid !== undefined && found.uid !== process.getuid())) {
    throw new OwnPostgresFailed(`${folder} belongs to somebody else`);
  }
  // A server of another user has to get through to its data, which only that user can read.
  await chmod(folder, user === undefined ? 0o700 : 0o711);
  return folder;
}
