import { readFile, readlink, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { OwnPostgresFailed } from './own-postgres-failed.js';

const stopWithinMs = 15_000;

/**
 * Clears away what a server left behind whose keeper was killed: the server itself when it still runs, else its `postmaster.pid`
 * when the process id in it has gone to another program, which PostgreSQL itself cannot tell and would refuse to start.
 *
 * Only Linux tells for sure what a process is (its working folder). Elsewhere nothing is touched and PostgreSQL decides.
 */
export async function clearLeftoverServer(data: string): Promise<void> {
  if (process.platform !== 'linux') return;
  const pidFile = path.join(data, 'postmaster.pid');
  const pid = await pidIn(pidFile);
  if (pid === undefined) return;
  if (!(await worksIn(pid, data))) {
    await rm(pidFile, { force: true });
    return;
  }
  process.kill(pid, 'SIGINT');
  const giveUpAtMs = Date.now() + stopWithinMs;
  while (await worksIn(pid, data)) {
    if (Date.now() > giveUpAtMs)
      throw new OwnPostgresFailed(`a database server (process ${pid}) does not leave ${data}`);
    await delay(50);
  }
}

async function pidIn(pidFile: string): Promise<number | undefined> {
  const text = await readFile(pidFile, 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return pid > 0 ? pid : undefined;
}

async function worksIn(pid: number, data: string): Promise<boolean> {
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  return folder !== undefined && folder === (await realpath(data));
}
