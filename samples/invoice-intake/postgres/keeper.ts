import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { openSync, closeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { serverEnvironment } from './create-cluster.js';
import { OwnPostgresFailed } from './own-postgres-failed.js';
import type { ServerUser } from './server-user.js';

/** What a keeper has to know. */
export interface KeeperOrder {
  /** The server's folder: the keeper leaves word there of where it can be asked. */
  readonly folder: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly user: ServerUser | undefined;
  /** The server's own log. */
  readonly logFile: string;
  /** How long a server that ended by itself stays away before it is started again. */
  readonly restartAfterMs: number;
}

/** How long a server may take to stop before it is made to, at the price of a recovery at its next start. */
const quitAfterMs = 10_000;

/** The process that keeps the server running for as long as this one lives: see `keeper.cjs`. */
export class Keeper {
  private constructor(private readonly child: ChildProcess) {}

  /** Starts a keeper, and through it the server. Neither keeps this process alive. */
  static start(order: KeeperOrder): Keeper {
    const log = openSync(order.logFile, 'w', 0o600);
    const instructions = {
      id: randomUUID(),
      lockFile: lockFile(order.folder),
      program: order.program,
      args: order.args,
      user: order.user,
      env: serverEnvironment(),
      restartAfterMs: order.restartAfterMs,
      quitAfterMs,
    };
    const child = spawn(process.execPath, [path.join(__dirname, 'keeper.cjs'), JSON.stringify(instructions)], {
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
      env: serverEnvironment(),
    });
    closeSync(log);
    child.unref();
    child.channel?.unref();
    return new Keeper(child);
  }

  /** Calls back each time the server has ended without having been told to, and when the keeper has. */
  onEnded(listener: (how: string) => void): void {
    this.child.on('message', (message) => {
      listener(`the database server ended (${(message as { ended: string }).ended})`);
    });
    this.child.once('exit', () => {
      listener('the keeper of the database server is gone');
    });
  }

  /** Stops the server and resolves when it has ended. */
  async stop(): Promise<void> {
    this.child.removeAllListeners('message').removeAllListeners('exit');
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.ref();
    const exited = once(this.child, 'exit');
    if (this.child.connected) this.child.disconnect();
    await exited;
  }
}

/**
 * Resolves when no keeper has the folder: waits for one that is about to end.
 * @throws {OwnPostgresFailed} when one is there to stay
 */
export async function waitUntilFree(folder: string): Promise<void> {
  const giveUpAtMs = Date.now() + 2 * quitAfterMs;
  for (;;) {
    const state = await askKeeper(folder);
    if (state === undefined) return;
    if (state === 'running' || Date.now() > giveUpAtMs) {
      throw new OwnPostgresFailed(`the database in ${folder} is in use by another application that is running`, {
        hint: 'stop that one first, or give this one a database of its own with INVOICES__DATABASE_URL',
      });
    }
    await delay(50);
  }
}

function lockFile(folder: string): string {
  return path.join(folder, 'keeper.json');
}

/** What the keeper of the folder says about itself; undefined when there is none. */
async function askKeeper(folder: string): Promise<string | undefined> {
  const text = await readFile(lockFile(folder), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { id, port } = JSON.parse(text) as { id: string; port: number };
  const answer = await ask(port);
  return answer.startsWith(`${id} `) ? answer.slice(id.length + 1).trim() : undefined;
}

/** What somebody at a loopback port says right away; `''` when there is nobody, or nobody of ours. */
async function ask(port: number): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.setTimeout(2000, () => socket.destroy());
  let answer = '';
  socket.setEncoding('utf8').on('data', (data: string) => (answer += data));
  await once(socket, 'close').catch(() => undefined); // refused: nobody is there
  return answer;
}
