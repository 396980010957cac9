import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { createCluster, roleName } from './create-cluster.js';
import { Keeper, waitUntilFree } from './keeper.js';
import { clearLeftoverServer } from './leftover-server.js';
import { OwnPostgresFailed } from './own-postgres-failed.js';
import { findPrograms } from './programs.js';
import { makeServerFolder } from './server-folder.js';
import { serverUser } from './server-user.js';

/** Where the server can be reached: the same at every start, as long as the port is free. */
interface Access {
  readonly port: number;
  readonly password: string;
}

/** How to start it. All of it is optional. */
export interface OwnPostgresOptions {
  /** Gives the start up. */
  readonly signal?: AbortSignal;
  /** How long a server that ended by itself stays away before it is started again. Default 5 s. */
  readonly restartAfterMs?: number;
}

const readyWithinMs = 30_000;

/**
 * A PostgreSQL server of the application's own, from the programs that npm has installed. Its data stays in a folder and is there
 * again at the next start; the server itself never outlives the application.
 *
 * It listens on loopback, with a random password that only the application's user can read. A Unix socket would need no port, but
 * its path must fit into 107 bytes, and `trust` would let every user of the machine act as the one who owns the database.
 */
export class OwnPostgres {
  private constructor(
    /** How to connect to it. Holds the password. */
    readonly url: string,
    /** The folder it lives in. */
    readonly folder: string,
    private readonly keeper: Keeper,
  ) {}

  /**
   * Starts the server that lives in `wantedFolder`, made when it is not there, and resolves when it takes connections.
   * @throws {OwnPostgresFailed} when there is none for this platform, when the folder is in use, or when it does not start
   */
  static async start(wantedFolder: string, options: OwnPostgresOptions = {}): Promise<OwnPostgres> {
    const { signal, restartAfterMs = 5000 } = options;
    const user = serverUser();
    const folder = await makeServerFolder(path.resolve(wantedFolder), user);
    await waitUntilFree(folder);
    const programs = await findPrograms(folder, user);
    const data = path.join(folder, 'data');
    const { port, password } = await keepAccess(path.join(folder, 'access.json'));
    await createCluster(data, password, programs, user);
    await clearLeftoverServer(data);
    signal?.throwIfAborted();

    const logFile = path.join(folder, 'server.log');
    const settings = {
      listen_addresses: '127.0.0.1',
      port,
      unix_socket_directories: '',
      max_connections: 20,
      shared_buffers: '16MB',
    };
    const args = ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
    const keeper = Keeper.start({ folder, program: programs.postgres, args, user, logFile, restartAfterMs });
    const url = `postgres://${roleName}:${password}@127.0.0.1:${port}/postgres`;
    try {
      await ready(url, keeper, signal);
    } catch (error) {
      await keeper.stop();
      signal?.throwIfAborted();
      throw new OwnPostgresFailed(`the database server in ${folder} did not start: ${await lastLines(logFile)}`, {
        cause: error,
      });
    }
    return new OwnPostgres(url, folder, keeper);
  }

  /** Calls back, with what happened, each time the server ends without having been told to. Its keeper starts it again. */
  onEnded(listener: (how: string) => void): void {
    this.keeper.onEnded(listener);
  }

  /** Stops the server and resolves when it has ended. Harmless twice. */
  async stop(): Promise<void> {
    await this.keeper.stop();
  }
}

async function ready(url: string, keeper: Keeper, signal?: AbortSignal): Promise<void> {
  let ended: string | undefined;
  keeper.onEnded((how) => (ended ??= how));
  const giveUpAtMs = Date.now() + readyWithinMs;
  for (;;) {
    signal?.throwIfAborted();
    const error = await connectOnce(url);
    if (error === undefined) return;
    if (ended !== undefined) throw new Error(ended);
    if (Date.now() > giveUpAtMs) throw error;
    await delay(25);
  }
}

async function connectOnce(url: string): Promise<Error | undefined> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return undefined;
  } catch (error) {
    return error as Error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Password and port of the server: those of last time, but a new port where the old one is taken. */
async function keepAccess(file: string): Promise<Access> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const last = text === undefined ? undefined : (JSON.parse(text) as Access);
  if (last !== undefined && (await freePort(last.port)) !== undefined) return last;
  const port = await freePort(0);
  if (port === undefined) throw new OwnPostgresFailed('there is no free port on 127.0.0.1');
  const access: Access = { port, password: last?.password ?? randomBytes(24).toString('hex') };
  await writeFile(`${file}.new`, JSON.stringify(access), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return access;
}

/** `port` on loopback if it is free, any free one for 0. */
async function freePort(port: number): Promise<number | undefined> {
  const probe = createServer();
  try {
    probe.listen(port, '127.0.0.1');
    await once(probe, 'listening');
    return (probe.address() as AddressInfo).port;
  } catch {
    return undefined;
  } finally {
    if (probe.listening) {
      probe.close();
      await once(probe, 'close');
    }
  }
}

async function lastLines(logFile: string): Promise<string> {
  const log = await readFile(logFile, 'utf8').catch(() => '');
  return log.trim().split('\n').slice(-3).join(' | ');
}
