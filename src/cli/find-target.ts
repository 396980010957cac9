import { lstatSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { basename, join } from 'node:path';
import { runtimeFolder } from '../control/door/socket-file.js';
import { CommandFailure, exitCodes } from './command-failure.js';
import type { Target } from './connection.js';

/** What was said about where the application is. */
export interface TargetOptions {
  readonly url?: string;
  readonly socket?: string;
  /** Name of the application. */
  readonly app?: string;
}

/**
 * Where the application is: at the address or socket that was given, else at the socket of the one that runs, or of the one
 * with the given name.
 *
 * @throws CommandFailure `unreachable` when none runs, or several do and none was named
 */
export async function findTarget(
  options: TargetOptions,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Target> {
  if (options.socket !== undefined) return { socket: options.socket };
  const url = options.url ?? (options.app === undefined ? env['PLBA_URL'] : undefined);
  if (url !== undefined && url !== '') return { url, token: env['PLBA_TOKEN'] };
  const folder = runtimeFolder(env);
  refuseForeign(folder);
  const running = await runningSockets(folder);
  const meant = running.filter((path) => options.app === undefined || isOf(options.app, path));
  const [only, ...more] = meant;
  if (only === undefined) throw noneRuns(options.app, folder, running);
  if (more.length > 0)
    throw new CommandFailure(
      exitCodes.unreachable,
      `several run: ${meant.map(nameOf).join(', ')}`,
      'name one with --app, or --socket with its path',
    );
  return { socket: only };
}

/**
 * Whoever else can write into the folder could have put a socket of their own there, and would be told what is meant for an
 * application. Those that applications make are for their user only.
 */
function refuseForeign(folder: string): void {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined || process.platform === 'win32') return;
  if (found.isDirectory() && found.uid === userInfo().uid && (found.mode & 0o022) === 0) return;
  throw new CommandFailure(
    exitCodes.unreachable,
    `${folder} is not a folder of this user alone, and what listens there cannot be trusted`,
    'take it away, or name the application with --socket or --url',
  );
}

/** The sockets of this user at which somebody answers. */
async function runningSockets(folder: string): Promise<string[]> {
  const paths = filesIn(folder).filter((name) => name.endsWith('.sock') && isOwn(join(folder, name)));
  const answering = await Promise.all(paths.map((name) => answers(join(folder, name))));
  return paths.filter((_, index) => answering[index]).map((name) => join(folder, name));
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function isOwn(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return process.platform === 'win32' || (found?.isSocket() === true && found.uid === userInfo().uid);
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}

/** The name of the file: that of the application, with a process id where there are several of it. */
function nameOf(path: string): string {
  return basename(path, '.sock');
}

function isOf(application: string, path: string): boolean {
  const name = nameOf(path);
  return (
    name === application ||
    (name.startsWith(`${application}.`) && /^\d+(\.\d+)?$/.test(name.slice(application.length + 1)))
  );
}

function noneRuns(application: string | undefined, folder: string, running: readonly string[]): CommandFailure {
  const what = application === undefined ? 'no application' : `no application "${application}"`;
  const others = running.length === 0 ? '' : `; what runs: ${running.map(nameOf).join(', ')}`;
  return new CommandFailure(
    exitCodes.unreachable,
    `${what} of this user has a socket in ${folder}${others}`,
    'start it, or name it with --url and PLBA_TOKEN',
  );
}
