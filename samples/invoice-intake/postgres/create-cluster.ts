import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { OwnPostgresFailed } from './own-postgres-failed.js';
import type { Programs } from './programs.js';
import type { ServerUser } from './server-user.js';

const run = promisify(execFile);

/** The one role of the server; it may do everything, on a server that is there for this application only. */
export const roleName = 'invoices';

/**
 * Makes an empty database cluster at `data`, unless there is one.
 * @param password of {@link roleName}
 * @throws {OwnPostgresFailed} when that fails, or when what is there belongs to another user
 */
export async function createCluster(
  data: string,
  password: string,
  programs: Programs,
  user: ServerUser | undefined,
): Promise<void> {
  if (existsSync(data)) {
    await checkOwner(data, user);
    return;
  }
  // Made beside its place and moved there whole, so that a cluster that was broken off is never started.
  const unfinished = `${data}.${process.pid}`;
  const passwordFile = `${unfinished}.password`;
  try {
    await mkdir(unfinished, { mode: 0o700 });
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (user !== undefined) {
      await chown(unfinished, user.uid, user.gid);
      await chown(passwordFile, user.uid, user.gid);
    }
    await run(
      programs.initdb,
      [
        ...['--pgdata', unfinished, '--no-sync', '--locale=C', '--encoding=UTF8', '--username', roleName],
        ...['--auth', 'scram-sha-256', '--pwfile', passwordFile],
      ],
      { cwd: unfinished, env: serverEnvironment(), ...user },
    );
    await rename(unfinished, data);
  } catch (cause) {
    throw new OwnPostgresFailed(`no database could be made in ${data}`, { cause });
  } finally {
    await rm(passwordFile, { force: true });
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** What the server's programs see of the environment: none of the variables that would make them look elsewhere. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot, TZ } = process.env;
  return {
    ...(PATH !== undefined && { PATH }),
    ...(SystemRoot !== undefined && { SystemRoot }),
    ...(TZ !== undefined && { TZ }),
  };
}

async function checkOwner(data: string, user: ServerUser | undefined): Promise<void> {
  const expected = user?.uid ?? process.getuid?.();
  const { uid } = await lstat(data);
  if (expected !== undefined && uid !== expected) {
    throw new OwnPostgresFailed(
      `the database in ${data} belongs to user ${uid}, and would be run by user ${expected}`,
      {
        hint: 'remove that folder to start with an empty database, or start the application as the same user as before',
      },
    );
  }
}
