import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { type TestApplication, testApplication } from 'plba/testing';
import type { FileOutcome } from '../../../samples/invoice-intake/intake/file-outcome.js';
import { IntakeRoutine, type Remainder } from '../../../samples/invoice-intake/intake/intake-routine.js';
import { examineInvoice } from '../../../samples/invoice-intake/invoice/examine-invoice.js';
import { InvoiceModule } from '../../../samples/invoice-intake/invoice-module.js';
import { Ledger } from '../../../samples/invoice-intake/ledger/ledger.js';
import { LedgerDatabase } from '../../../samples/invoice-intake/ledger/ledger-database.js';
import { LedgerUnavailable } from '../../../samples/invoice-intake/ledger/ledger-unavailable.js';
import { OwnPostgresFailed } from '../../../samples/invoice-intake/postgres/own-postgres-failed.js';
import { anInvoice } from './an-invoice.js';
import { caught } from '../../support/caught.js';
import { temporaryFolder } from './own-database.js';

/** What the ledger and the inbox do in a test: no database, no files. */
class World {
  /** What the next passes over the inbox bring, one list each; then nothing. */
  passes: { outcomes?: FileOutcome[]; remainder?: Partial<Remainder>; error?: Error }[] = [];
  isLedgerAway = false;
  migrateError: Error | undefined;

  readonly ledger = {
    migrate: () => (this.migrateError === undefined ? Promise.resolve(1) : Promise.reject(this.migrateError)),
    ping: () => (this.isLedgerAway ? Promise.reject(away) : Promise.resolve()),
    totals: () => (this.isLedgerAway ? Promise.reject(away) : Promise.resolve([])),
  } as unknown as Ledger;

  readonly routine = {
    takeIn: () => this.takeIn(),
  } as unknown as IntakeRoutine;

  private async *takeIn(): AsyncGenerator<FileOutcome, Remainder> {
    await Promise.resolve();
    const { outcomes = [], remainder, error } = this.passes.shift() ?? {};
    yield* outcomes;
    if (error !== undefined) throw error;
    if (this.isLedgerAway) throw away;
    return { growing: [], more: false, ...remainder };
  }
}

const away = new LedgerUnavailable(new Error('connection refused'));

describe('the workers of the invoice intake', () => {
  let folder: string;
  let world: World;
  let app: TestApplication | undefined;

  const accepted = async (file: string): Promise<FileOutcome> => ({
    kind: 'accepted',
    file,
    invoice: await examineInvoice(Buffer.from(anInvoice())),
  });
  const rejected = (file: string): FileOutcome => ({ kind: 'rejected', file, rules: ['BR-CO-15'], reason: 'a cent' });

  beforeEach(async () => {
    folder = await temporaryFolder();
    world = new World();
    app = undefined;
  });
  afterEach(() => app?.stop());

  async function start(config: object = {}, plba: object = {}, own: object = database()): Promise<TestApplication> {
    app = await testApplication(InvoiceModule)
      .config({ invoices: { inbox: folder, totalsFile: path.join(folder, 'totals.json'), ...config }, plba })
      .rebind(LedgerDatabase, (binding) => binding.toConstantValue(own as LedgerDatabase))
      .rebind(Ledger, (binding) => binding.toConstantValue(world.ledger))
      .rebind(IntakeRoutine, (binding) => binding.toConstantValue(world.routine))
      .start();
    return app;
  }
  let startDatabase: () => Promise<string> = () => Promise.resolve('a fake');
  const database = () => ({ start: () => startDatabase() }) as unknown as LedgerDatabase;
  afterEach(() => (startDatabase = () => Promise.resolve('a fake')));

  it('start one after the other: database, schema, and then those who use it', async () => {
    const running = await start();
    const states = ['database', 'migrate', 'intake', 'report'].map((name) => running.worker(name).state);
    expect(states).to.deep.equal(['completed', 'completed', 'running', 'running']);
  });

  it('keep a database of their own as long as its worker is up, and take it away with it', async () => {
    const done: string[] = [];
    const own = {
      isOwn: true,
      start: () => Promise.resolve(done.push('started')).then(String),
      stop: () => Promise.resolve(void done.push('stopped')),
    };
    const running = await start({}, {}, own);
    expect(running.worker('database').state).to.equal('running');
    await running.operator.act('database', 'stop', { who: 'me' });
    expect([running.worker('database').state, ...done]).to.deep.equal(['stopped', 'started', 'stopped']);
  });

  it('leave a database of their own to those who still need it, when each runs once', async () => {
    let stops = 0;
    const own = { isOwn: true, start: () => startDatabase(), stop: () => Promise.resolve(void (stops += 1)) };
    const running = await start({}, { workers: { database: { trigger: 'once' } } }, own);
    expect([running.worker('database').state, stops]).to.deep.equal(['completed', 0]);
  });

  describe('intake', () => {
    it('is idle when there is nothing', async () => {
      expect((await (await start()).step('intake')).outcome).to.equal('idle');
    });

    it('has worked when files were accepted', async () => {
      const running = await start();
      world.passes = [{ outcomes: [await accepted('a.xml'), await accepted('b.xml')] }];
      expect(await running.step('intake')).to.deep.include({ outcome: 'worked', items: 2 });
    });

    it('has worked in part, and says what was rejected and why', async () => {
      const running = await start();
      world.passes = [{ outcomes: [await accepted('a.xml'), rejected('b.xml'), rejected('c.xml')] }];
      const run = await running.step('intake');
      expect(run).to.deep.include({ outcome: 'partial', reason: 'b.xml: a cent; and 1 more' });
      expect(run.progress).to.deep.include({ done: 3, note: 'c.xml' });
    });

    it('goes on at once when there is more', async () => {
      const running = await start();
      world.passes = [
        { outcomes: [await accepted('a.xml')], remainder: { more: true } },
        { outcomes: [await accepted('b.xml')] },
      ];
      await running.step('intake');
      await running.advance(0);
      expect(
        running
          .ledger('intake')
          .slice(0, 2)
          .map(({ items }) => items),
      ).to.deep.equal([1, 1]);
    });

    it('is blocked, then degraded, while the ledger is away, and recovers by itself', async () => {
      const running = await start();
      world.isLedgerAway = true;
      await running.until('intake', 'degraded', '30s');
      expect(running.ledger('intake')[0]).to.deep.include({ outcome: 'blocked' });
      expect(running.worker('intake').health.reason).to.contain('not available: connection refused');
      world.isLedgerAway = false;
      await running.until('intake', 'ok', '30s');
    });

    it('fails, and is tried again, for an error that nobody expects', async () => {
      const running = await start();
      world.passes = [{ error: new Error('a bug') }];
      expect((await running.step('intake')).outcome).to.equal('failed');
      await running.advance('1s');
      expect(running.ledger('intake')[0]).to.deep.include({ outcome: 'idle', attempt: 2 });
    });

    it('writes what became of each file, also when the ledger went away in between', async () => {
      const report = path.join(folder, 'out.json');
      const running = await start({ reportFile: report });
      world.passes = [{ outcomes: [await accepted('a.xml')], error: away }, { outcomes: [rejected('b.xml')] }];
      await running.step('intake');
      const written = () =>
        JSON.parse(readFileSync(report, 'utf8')) as Record<'accepted' | 'rejected', { file: string }[]>;
      expect(written().accepted.map(({ file }) => file)).to.deep.equal(['a.xml']);
      await running.step('intake');
      expect(written().rejected.map(({ file }) => file)).to.deep.equal(['b.xml']);
      expect(written().accepted.map(({ file }) => file)).to.deep.equal(['a.xml']);
    });

    describe('that runs once', () => {
      const once = { workers: { intake: { trigger: 'once' } } };

      it('ends when nothing is left', async () => {
        world.passes = [
          { outcomes: [await accepted('a.xml')], remainder: { more: true } },
          { outcomes: [rejected('b.xml')] },
        ];
        const running = await start({}, once);
        await running.until('intake', 'completed');
        expect(running.ledger('intake').map(({ outcome }) => outcome)).to.deep.equal(['partial']);
      });

      it('waits for files that somebody is still writing, but not for ever', async () => {
        const growing = { remainder: { growing: ['slow.xml'] } };
        world.passes = Array.from({ length: 1000 }, () => growing);
        const running = await start({ quietMs: 500 }, once);
        await running.until('intake', 'completed');
        const [run] = running.ledger('intake');
        expect([run?.outcome, run?.durationMs, world.passes.length]).to.deep.equal(['idle', 19 * 500, 1000 - 20]);
        expect(running.logs().map(({ msg }) => msg)).to.include('slow.xml: ignored, it is still being written');
      });
    });

    it('does not start on an inbox that is not there', async () => {
      const error = await caught(() => start({ inbox: path.join(folder, 'nowhere') }));
      expect(error.code).to.equal('WORKER_START_FAILED');
      expect(String(error.cause)).to.contain('nowhere is not there');
    });
  });

  it('migrate waits for a ledger that is away, and gives up at once for any other reason', async () => {
    world.migrateError = away;
    const starting = start().catch((error: unknown) => error);
    await new Promise(setImmediate);
    world.migrateError = undefined;
    expect(await starting).not.to.be.instanceOf(Error);
    await app?.stop();

    world.migrateError = new Error('password authentication failed');
    expect(JSON.stringify(causes(await caught(() => start())))).to.contain('password authentication failed');
  });

  it('database ends the start with the reason when it cannot be had', async () => {
    startDatabase = () => Promise.reject(new OwnPostgresFailed('none for this platform', { hint: 'set it' }));
    expect(causes(await caught(() => start())).join()).to.contain('none for this platform; set it');
  });

  it('report writes the totals every minute', async () => {
    const running = await start();
    expect(running.worker('report').nextRun).to.deep.equal(new Date('2026-01-05T00:01:00Z'));
    expect((await running.step('report')).outcome).to.equal('worked');
    expect(existsSync(path.join(folder, 'totals.json'))).to.equal(true);
  });

  it('ledger health tells that the ledger is away, and that degrades the whole', async () => {
    const running = await start();
    world.isLedgerAway = true;
    const { status, contributors } = await running.health();
    expect([status, contributors['ledger']?.raw]).to.deep.equal(['degraded', 'unhealthy']);
    expect(contributors['ledger']?.reason).to.contain('connection refused');
  });
});

function causes(error: Error): string[] {
  return error.cause instanceof Error ? [error.message, ...causes(error.cause)] : [error.message];
}
