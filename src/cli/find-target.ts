import { lstatSync, readdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { basename, join } from 'node:path';
import { answers, runtimeFolder } from '../control/door/socket-file.js';
import { CommandFailure, exitCodes } from './command-failure.js';
import type { Target } from './connection.js';
import { refuseForeignFolder, refuseForeignSocket } from './foreign-socket.js';

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
 * @param say tells the person that it is another user's
 * @throws CommandFailure `unreachable` when none runs, several do and none was named, or what is there cannot be trusted
 */
export async function findTarget(
  options: TargetOptions,
  env: Readonly<Record<string, string | undefined>>,
  say: (text: string) => void,
): Promise<Target> {
  if (options.socket !== undefined) {
    const whose = refuseForeignSocket(options.socket);
    if (whose !== undefined) say(whose);
    return { socket: options.socket };
  }
  const url = options.url ?? (options.app === undefined ? env['PLBA_URL'] : undefined);
  if (url !== undefined && url !== '') return { url, token: env['PLBA_TOKEN'] };
  const folder = runtimeFolder(env);
  refuseForeignFolder(folder);
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
