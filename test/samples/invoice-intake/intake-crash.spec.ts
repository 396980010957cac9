import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import { Client } from 'pg';
import { Inbox } from '../../../samples/invoice-intake/inbox/inbox.js';
import { IntakeRoutine } from '../../../samples/invoice-intake/intake/intake-routine.js';
import { defaultLimits } from '../../../samples/invoice-intake/invoice/examine-invoice.js';
import { Connections } from '../../../samples/invoice-intake/ledger/connections.js';
import { Ledger } from '../../../samples/invoice-intake/ledger/ledger.js';
import { anInvoice } from './an-invoice.js';
import { freshDatabase, temporaryFolder } from './own-database.js';

const good = anInvoice();
const bad = anInvoice({ number: 'A-2', due: '1.00' });

describe('a crash of the intake', function () {
  this.timeout(60_000);
  let folder: string;
  let url: string;

  beforeEach(async () => {
    folder = await temporaryFolder();
    url = await freshDatabase();
    await withLedger((ledger) => ledger.migrate());
    await fs.writeFile(path.join(folder, 'good.xml'), good);
    await fs.writeFile(path.join(folder, 'bad.xml'), bad);
  });

  async function withLedger<T>(work: (ledger: Ledger) => Promise<T>): Promise<T> {
    const connections = new Connections(() => url);
    try {
      return await work(new Ledger(connections));
    } finally {
      await connections.close();
    }
  }

  /** A pass of a new process over the inbox. */
  async function takeIn(): Promise<string[]> {
    return withLedger(async (ledger) => {
      const inbox = new Inbox(folder, { quietMs: 0 });
      const routine = new IntakeRoutine(inbox, ledger, { batchSize: 10, limits: defaultLimits });
      const outcomes: string[] = [];
      for await (const outcome of routine.takeIn(new Date(Date.now() + 1000), new AbortController().signal)) {
        outcomes.push(`${outcome.file} ${outcome.kind}`);
      }
      return outcomes;
    });
  }

  /** Everything below the inbox, by path. */
  function everything(): string[] {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
      .sort();
  }

  async function expectAllSettled(): Promise<void> {
    expect(everything()).to.deep.equal([
      path.join('processed', 'good.xml'),
      path.join('rejected', 'bad.xml'),
      path.join('rejected', 'bad.xml.reason.json'),
    ]);
    expect(readFileSync(path.join(folder, 'processed', 'good.xml'), 'utf8')).to.equal(good);
    expect(existsSync(path.join(folder, 'taken')) && readdirSync(path.join(folder, 'taken'))).to.deep.equal([]);
    const totals = await withLedger((ledger) => ledger.totals());
    expect(totals.map(({ invoices, due }) => [invoices, due])).to.deep.equal([[1, '180.12']]);
  }

  for (const point of ['before the invoice is posted', 'between posting and moving', 'in the middle of moving']) {
    it(`by kill -9 ${point} loses nothing and posts nothing twice`, async () => {
      await fs.rm(path.join(folder, 'bad.xml'));
      const script = path.join(__dirname, 'intake-child.ts');
      const child = spawn(process.execPath, ['-r', 'ts-node/register', script, url, folder, point], {
        stdio: 'ignore',
      });
      expect(await once(child, 'exit')).to.deep.equal([null, 'SIGKILL']);
      expect(everything()).not.to.include(path.join('good.xml'));

      await fs.writeFile(path.join(folder, 'bad.xml'), bad);
      expect(await takeIn()).to.deep.equal(['good.xml accepted', 'bad.xml rejected']);
      await expectAllSettled();
    });
  }

  it('before any single step loses nothing and posts nothing twice', async () => {
    for (let step = 0; ; step += 1) {
      await fs.writeFile(path.join(folder, 'good.xml'), good);
      await fs.writeFile(path.join(folder, 'bad.xml'), bad);
      const crashed = await crashBeforeStep(step, takeIn);
      if (crashed) await endSessions();
      await takeIn();
      await expectAllSettled();
      if (!crashed) {
        expect(step).to.be.greaterThan(25); // else it has not met what it is about
        return;
      }
      await startAnew();
    }
  });

  async function startAnew(): Promise<void> {
    for (const name of ['processed', 'rejected', 'taken']) {
      await fs.rm(path.join(folder, name), { recursive: true, force: true });
    }
    await asAdministrator('TRUNCATE invoice, invoice_identity');
  }

  /** As the server sees it when a process is gone. */
  async function endSessions(): Promise<void> {
    await asAdministrator(
      'SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
  }

  async function asAdministrator(statement: string): Promise<void> {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(statement);
    await client.end();
  }
});

const steps = ['access', 'link', 'lstat', 'mkdir', 'open', 'readdir', 'rename', 'rm', 'rmdir'] as const;

/**
 * Does `work` in a world that ends before the step with this number: neither it nor anything after it happens, no cleaning up
 * either. Answers whether it came to that. A step is whatever is done to files or asked of the database.
 */
async function crashBeforeStep(fatal: number, work: () => Promise<unknown>): Promise<boolean> {
  let crash: (value: true) => void = () => undefined;
  const crashed = new Promise<true>((resolve) => (crash = resolve));
  const never = new Promise<never>(() => undefined);
  let done = 0;
  const restore: (() => void)[] = [];
  const guard = <T extends object>(target: T, name: keyof T): void => {
    const original = target[name] as (...args: unknown[]) => unknown;
    target[name] = function (this: unknown, ...args: unknown[]): unknown {
      if (done >= fatal) {
        crash(true);
        return never;
      }
      done += 1;
      return original.apply(this, args);
    } as T[keyof T];
    restore.push(() => (target[name] = original as T[keyof T]));
  };
  for (const name of steps) guard(fs, name);
  guard(Client.prototype, 'query');
  try {
    return await Promise.race([crashed, work().then(() => false)]);
  } finally {
    for (const undo of restore) undo();
  }
}
