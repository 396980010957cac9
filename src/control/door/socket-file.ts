import { once } from 'node:events';
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { rename, stat, unlink } from 'node:fs/promises';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { PlbaError } from '../../errors.js';

/** What systems take for the path of a Unix socket, in bytes; one less on some. */
const longestPathBytes = 103;

/** The folder of this user in which applications and the command line find each other. */
export function runtimeFolder(env: Readonly<Record<string, string | undefined>>): string {
  const own = env['XDG_RUNTIME_DIR'];
  return own === undefined || own === '' ? join(tmpdir(), `plba-${userInfo().uid}`) : join(own, 'plba');
}

/**
 * The paths that an application may have its socket at, the best first: a file of its name; the others are for further
 * processes of the same application.
 */
export function socketCandidates(folder: string, application: string): readonly string[] {
  const others = Array.from({ length: 9 }, (_, index) => `${process.pid}${index === 0 ? '' : `.${index + 1}`}`);
  return [application, ...others.map((suffix) => `${application}.${suffix}`)].map((name) =>
    join(folder, `${name}.sock`),
  );
}

/**
 * Makes the folder of a default socket, for its user only.
 *
 * @throws PlbaError `CONTROL_LISTEN_FAILED` when others could have put their own socket there
 */
export function prepareFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = lstatSync(folder);
    if (uid === userInfo().uid && (mode & 0o077) === 0) return;
  } catch (cause) {
    throw failed(folder, 'its folder cannot be made', cause);
  }
  throw failed(folder, 'its folder is open to others');
}

/**
 * Listens at the first of the paths that no living process has, with mode 0600 from the first moment. Answers the path.
 *
 * @throws PlbaError `CONTROL_LISTEN_FAILED`
 */
export async function listenAt(server: Server, paths: readonly string[]): Promise<string> {
  for (const path of paths) {
    if (Buffer.byteLength(path) > longestPathBytes)
      throw failed(path, `its path has more than ${longestPathBytes} bytes`);
    if (await isTaken(path)) continue;
    if (await listenPrivately(server, path)) return path;
  }
  throw failed(paths[0] ?? '', 'another process listens there');
}

let asides = 0;

/** Whether a process answers there. A file that a dead one left behind is taken away. */
async function isTaken(path: string): Promise<boolean> {
  const before = await stat(path).catch(() => undefined);
  if (before === undefined) return false;
  if (!before.isSocket()) throw failed(path, 'there is a file that is no socket');
  if (await answers(path)) return true;
  // Between the look and this, another start may have put its own there, under the same number even: then it is given back.
  const aside = join(dirname(path), `.${process.pid}.${++asides}.stale`);
  await rename(path, aside).catch(() => undefined);
  if (await answers(aside)) {
    await rename(aside, path);
    return true;
  }
  await unlink(aside).catch(() => undefined);
  return false;
}

/** How connecting fails where nobody listens: anything else says that somebody may. */
const nobody: ReadonlySet<string | undefined> = new Set(['ECONNREFUSED', 'ENOENT', 'ENOTSOCK']);

/** Whether somebody listens at a socket. */
export function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', ({ code }: NodeJS.ErrnoException) => {
      resolve(!nobody.has(code));
    });
  });
}

/** Answers false when another process has come first since the look. Leaves no listener on the server. */
async function listenPrivately(server: Server, path: string): Promise<boolean> {
  const listening = once(server, 'listening');
  const restore = restrictMode();
  // The file is made before this returns.
  server.listen({ path });
  restore();
  try {
    await listening;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw failed(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
  try {
    chmodSync(path, 0o600);
    return true;
  } catch (cause) {
    server.close();
    throw failed(path, 'its mode cannot be set', cause);
  }
}

/** New files are for the user only until the answer is called. A thread must not do this; its files are set right later. */
function restrictMode(): () => void {
  try {
    const before = process.umask(0o177);
    return () => void process.umask(before);
  } catch {
    return () => undefined;
  }
}

function failed(path: string, reason: string, cause?: unknown): PlbaError {
  return new PlbaError('CONTROL_LISTEN_FAILED', `the control plane cannot listen on the socket ${path}: ${reason}`, {
    hint: 'set plba.control.socket to another path, or to false for none',
    cause,
  });
}
