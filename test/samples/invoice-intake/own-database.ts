import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { OwnPostgres } from '../../../samples/invoice-intake/postgres/own-postgres.js';

let starting: Promise<OwnPostgres> | undefined;
const folders: string[] = [];

/** An empty database on a PostgreSQL server that all tests share. The first to ask starts it. */
export async function freshDatabase(): Promise<string> {
  const { url } = await (starting ??= startServer());
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  return url.replace(/\/postgres$/, `/${name}`);
}

/** A folder for one test, removed when all tests are done. Open to the database server, which does not run as root. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'invoice-intake-'));
  await chmod(folder, 0o755);
  folders.push(folder);
  return folder;
}

async function startServer(): Promise<OwnPostgres> {
  return OwnPostgres.start(path.join(await temporaryFolder(), 'postgres'));
}

after(async function () {
  this.timeout(20_000);
  await (await starting)?.stop();
  // The server of an application that was killed goes on for a moment, and writes into what is taken away from under it.
  const patiently = { recursive: true, force: true, maxRetries: 10 };
  await Promise.all(folders.map((folder) => rm(folder, patiently)));
});
