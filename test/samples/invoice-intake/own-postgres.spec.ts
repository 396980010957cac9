import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { Client } from 'pg';
import { OwnPostgres } from '../../../samples/invoice-intake/postgres/own-postgres.js';
import { OwnPostgresFailed } from '../../../samples/invoice-intake/postgres/own-postgres-failed.js';
import { temporaryFolder } from './own-database.js';
import { rejectionOf } from './rejection-of.js';

describe("the application's own PostgreSQL", function () {
  this.timeout(30_000);
  let folder: string;
  const running: OwnPostgres[] = [];
  const children: ChildProcessWithoutNullStreams[] = [];

  beforeEach(async () => {
    folder = path.join(await temporaryFolder(), 'postgres');
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await Promise.all(running.splice(0).map((postgres) => postgres.stop()));
  });

  async function start(where = folder, options = {}): Promise<OwnPostgres> {
    const postgres = await OwnPostgres.start(where, options);
    running.push(postgres);
    return postgres;
  }

  /** Another process with a server in the folder; resolves when that is up. */
  async function startElsewhere(): Promise<{ child: ChildProcessWithoutNullStreams; url: string }> {
    const script = path.join(__dirname, 'own-postgres-child.ts');
    const child = spawn(process.execPath, ['-r', 'ts-node/register', script, folder]);
    children.push(child);
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    return { child, url: line.toString().trim() };
  }

  const serverPid = () => Number.parseInt(readFileSync(path.join(folder, 'data', 'postmaster.pid'), 'utf8'), 10);
  const keeperPid = () => (JSON.parse(readFileSync(path.join(folder, 'keeper.json'), 'utf8')) as { pid: number }).pid;

  it('keeps its data and its address from one start to the next', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE kept (x integer)');
    await first.stop();
    await rejectionOf(query(first.url, 'SELECT 1'), Error);
    const second = await start();
    expect(second.url).to.equal(first.url);
    expect(await query(second.url, 'SELECT * FROM kept')).to.deep.equal([]);
  });

  it('lets nobody in without its password, and shows that to nobody', async () => {
    const { url } = await start();
    const refused = await rejectionOf(query(url.replace(/:[^:@]+@/, ':guess@'), 'SELECT 1'), Error);
    expect(refused).to.have.property('code', '28P01');
    expect(statSync(path.join(folder, 'access.json')).mode & 0o077).to.equal(0);
    expect(statSync(path.join(folder, 'data')).mode & 0o077).to.equal(0);
  });

  it('listens on loopback only', async () => {
    const { url } = await start();
    expect(await query(url, 'SHOW listen_addresses')).to.deep.equal([{ listen_addresses: '127.0.0.1' }]);
    expect(await query(url, 'SHOW unix_socket_directories')).to.deep.equal([{ unix_socket_directories: '' }]);
  });

  it('refuses a second start in the same folder, and says why', async () => {
    await start();
    const refused = await rejectionOf(OwnPostgres.start(folder), OwnPostgresFailed);
    expect(refused.message).to.contain('in use by another application').and.to.contain('INVOICES__DATABASE_URL');
  });

  it('waits for one that is just stopping', async () => {
    const first = await start();
    const stopped = first.stop();
    await start();
    await stopped;
  });

  it('takes another port when its own is taken', async () => {
    const first = await start();
    await first.stop();
    const port = Number(new URL(first.url).port);
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    try {
      const { url } = await start();
      expect(Number(new URL(url).port)).not.to.equal(port);
      expect(new URL(url).password).to.equal(new URL(first.url).password);
    } finally {
      await closed(other);
    }
  });

  it('ends when the application is killed', async () => {
    const { child, url } = await startElsewhere();
    const pid = serverPid();
    child.kill('SIGKILL');
    await until(() => !isAlive(pid));
    await rejectionOf(query(url, 'SELECT 1'), Error);
    await start();
  });

  it('comes back when it is killed, and says that it was away', async () => {
    const postgres = await start(folder, { restartAfterMs: 50 });
    const ended = new Promise<string>((resolve) => {
      postgres.onEnded(resolve);
    });
    process.kill(serverPid(), 'SIGKILL');
    expect(await ended).to.contain('SIGKILL');
    await until(() =>
      query(postgres.url, 'SELECT 1').then(
        () => true,
        () => false,
      ),
    );
  });

  it('is cleared away when both its keeper and the application were killed', async function () {
    if (process.platform !== 'linux') this.skip();
    const { child, url } = await startElsewhere();
    await query(url, 'CREATE TABLE kept (x integer)');
    const leftover = serverPid();
    process.kill(keeperPid(), 'SIGKILL');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isAlive(leftover)).to.equal(true);

    const { url: again } = await start();
    expect(isAlive(leftover)).to.equal(false);
    expect(await query(again, 'SELECT * FROM kept')).to.deep.equal([]);
  });

  it('starts although its last process id belongs to another program now', async function () {
    if (process.platform !== 'linux') this.skip();
    await (await start()).stop();
    const data = path.join(folder, 'data');
    await writeFile(path.join(data, 'postmaster.pid'), `${process.pid}\n${data}\n0\n1\n\n127.0.0.1\n0 0\nready\n`);
    await start();
  });

  it('says what the server said when it does not start', async () => {
    await (await start()).stop();
    await writeFile(path.join(folder, 'data', 'PG_VERSION'), '9\n');
    const failed = await rejectionOf(OwnPostgres.start(folder), OwnPostgresFailed);
    expect(failed.message).to.match(/did not start: .*(version|initialized)/i);
  });

  it('says which setting helps where there is none for the platform', async () => {
    const arch = Object.getOwnPropertyDescriptor(process, 'arch')!;
    Object.defineProperty(process, 'arch', { ...arch, value: 'sparc' });
    try {
      const failed = await rejectionOf(OwnPostgres.start(folder), OwnPostgresFailed);
      expect(failed.message).to.match(/no PostgreSQL for this platform.*-sparc.*INVOICES__DATABASE_URL=postgres:/);
    } finally {
      Object.defineProperty(process, 'arch', arch);
    }
  });

  it('gives up when it is told to, and leaves nothing running', async () => {
    const stop = new AbortController();
    stop.abort(new Error('stop'));
    expect((await rejectionOf(OwnPostgres.start(folder, { signal: stop.signal }), Error)).message).to.equal('stop');
    expect(existsSync(path.join(folder, 'keeper.json'))).to.equal(false);
  });

  it('lives elsewhere when it is root who has the project in a private folder', async function () {
    if (process.getuid?.() !== 0) this.skip();
    const hidden = await mkdtemp(path.join(tmpdir(), 'invoice-intake-'));
    await chmod(hidden, 0o700);
    try {
      const first = await start(path.join(hidden, 'postgres'));
      expect(first.folder.startsWith(hidden)).to.equal(false);
      await first.stop();
      const second = await start(path.join(hidden, 'postgres'));
      expect(second.folder).to.equal(first.folder);
      await second.stop();
      await rm(first.folder, { recursive: true });
    } finally {
      await rm(hidden, { recursive: true });
    }
  });
});

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<object>(statement)).rows;
  } finally {
    await client.end();
  }
}

/** Other processes tell nobody when they are done: asks until they are. */
async function until(isDone: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isDone())) await delay(20);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  // One that has ended and that nobody has asked for its exit code still has its id.
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false; // it went away between the two questions
  }
}

async function closed(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}
