import { expect } from 'chai';
import { examineInvoice } from '../../../samples/invoice-intake/invoice/examine-invoice.js';
import { Connections, defaultConnectionLimits } from '../../../samples/invoice-intake/ledger/connections.js';
import { Ledger, type Provenance } from '../../../samples/invoice-intake/ledger/ledger.js';
import { LedgerUnavailable } from '../../../samples/invoice-intake/ledger/ledger-unavailable.js';
import { anInvoice, type InvoiceTexts } from './an-invoice.js';
import { freshDatabase } from './own-database.js';
import { rejectionOf } from './rejection-of.js';

const invoice = (texts: InvoiceTexts = {}) => examineInvoice(Buffer.from(anInvoice(texts)));
const from = (content: string, receipt = `receipt of ${content}`): Provenance => ({
  file: `${content}.xml`,
  sha256: Buffer.from(content.padEnd(32)).toString('hex'),
  receipt,
});

describe('the ledger', function () {
  this.timeout(20_000);
  let url: string;
  let connections: Connections;
  let ledger: Ledger;

  beforeEach(async () => {
    url = await freshDatabase();
    connections = new Connections(() => url);
    ledger = new Ledger(connections);
    await ledger.migrate();
  });
  afterEach(() => connections.close());

  const count = async () =>
    connections.use(async (session) => {
      const { rows } = await session.query<{ invoices: number; identities: number }>(
        `SELECT (SELECT count(*) FROM invoice)::integer AS invoices, (SELECT count(*) FROM invoice_identity)::integer AS identities`,
      );
      return rows[0];
    });

  describe('brings its schema up to date', () => {
    it('once', async () => {
      expect(await ledger.migrate()).to.equal(0);
    });

    it('also when several start at once', async () => {
      const empty = await freshDatabase();
      const many = new Connections(() => empty);
      const taken = await Promise.all([1, 2, 3, 4].map(() => new Ledger(many).migrate()));
      expect(taken.sort()).to.deep.equal([0, 0, 0, 1]);
      await many.close();
    });

    it('and refuses one from a newer version', async () => {
      await connections.use((session) => session.query('INSERT INTO schema_step (step) VALUES (1000)'));
      expect((await rejectionOf(ledger.migrate(), Error)).message).to.contain('too old');
    });
  });

  describe('posts an invoice', () => {
    it('with its amounts as they stand', async () => {
      expect(await ledger.post(await invoice({ due: '180.120' }), from('a'))).to.deep.equal({ kind: 'posted' });
      const { rows } = await connections.use((session) =>
        session.query('SELECT kind, number, issue_date::text, currency, due::text, without_vat::text FROM invoice'),
      );
      expect(rows).to.deep.equal([
        {
          kind: 'Invoice',
          number: 'A-1',
          issue_date: '2026-02-03',
          currency: 'EUR',
          due: '180.120',
          without_vat: '150.10',
        },
      ]);
    });

    it('once, however often it is repeated under the same receipt', async () => {
      for (let time = 0; time < 3; time += 1) {
        expect((await ledger.post(await invoice(), from('a'))).kind).to.equal('posted');
      }
      expect(await count()).to.deep.equal({ invoices: 1, identities: 1 });
    });

    it('once, when many post it at the same time', async () => {
      const one = await invoice({ sellerVatId: 'DE1', sellerGln: '4012' });
      const postings = await Promise.all(
        Array.from({ length: 8 }, (_, at) => ledger.post(one, from('a', `receipt ${at}`))),
      );
      expect(postings.map(({ kind }) => kind).sort()).to.deep.equal([
        ...Array<string>(7).fill('already posted'),
        'posted',
      ]);
      expect(await count()).to.deep.equal({ invoices: 1, identities: 3 });
    });

    it('not again when the same content comes in another file', async () => {
      await ledger.post(await invoice(), from('a'));
      const posting = await ledger.post(await invoice(), { ...from('a', 'another receipt'), file: 'b.xml' });
      expect(posting).to.deep.include({ kind: 'already posted' });
      expect(posting).to.have.nested.property('as.file', 'a.xml');
    });

    it('not when its number is posted with other content, and says which', async () => {
      await ledger.post(await invoice(), from('a'));
      const posting = await ledger.post(await invoice({ issueDate: '2026-02-04' }), from('b'));
      expect(posting).to.deep.include({ kind: 'conflict' });
      expect(posting).to.have.nested.property('with.file', 'a.xml');
      expect(posting).to.have.nested.property('with.due', '180.12');
      expect(await count()).to.deep.equal({ invoices: 1, identities: 1 });
    });
  });

  describe('takes two files for the same invoice', () => {
    const first: InvoiceTexts = { sellerName: 'One', sellerVatId: 'DE1', sellerGln: '4012' };
    const cases: [what: string, second: InvoiceTexts, kind: string][] = [
      ['when only the name of the seller is the same', { sellerName: 'ONE', sellerVatId: 'DE2' }, 'conflict'],
      ['when only the VAT identifier is the same', { sellerName: 'Two', sellerVatId: 'DE 1' }, 'conflict'],
      ['when only a registration is the same', { sellerName: 'Two', sellerGln: '4012' }, 'conflict'],
      ['but not when the seller is another', { sellerName: 'Two', sellerVatId: 'DE2', sellerGln: '4013' }, 'posted'],
      ['but not when the number is another', { ...first, number: 'A-2' }, 'posted'],
      ['but not when one is a credit note', { ...first, kind: 'CreditNote' }, 'posted'],
    ];
    for (const [what, second, kind] of cases) {
      it(what, async () => {
        await ledger.post(await invoice(first), from('a'));
        expect((await ledger.post(await invoice(second), from('b'))).kind).to.equal(kind);
      });
    }
  });

  describe('adds up', () => {
    it('by currency and seller, exactly, credit notes negative', async () => {
      await ledger.post(await invoice({ number: '1', sellerName: 'B' }), from('a'));
      await ledger.post(await invoice({ number: '2', sellerName: 'B', due: '180.12000' }), from('b'));
      await ledger.post(await invoice({ number: '3', sellerName: 'B', kind: 'CreditNote' }), from('c'));
      await ledger.post(await invoice({ number: '4', sellerName: 'A' }), from('d'));
      await ledger.post(await invoice({ number: '5', sellerName: 'B', currency: 'DKK' }), from('e'));
      const one = { withoutVat: '150.10', vat: '30.02', withVat: '180.12' };
      expect(await ledger.totals()).to.deep.equal([
        { currency: 'DKK', seller: 'B', invoices: 1, creditNotes: 0, ...one, due: '180.12' },
        { currency: 'EUR', seller: 'A', invoices: 1, creditNotes: 0, ...one, due: '180.12' },
        { currency: 'EUR', seller: 'B', invoices: 2, creditNotes: 1, ...one, due: '180.12000' },
      ]);
    });

    it('to nothing when it is empty', async () => {
      expect(await ledger.totals()).to.deep.equal([]);
    });
  });

  describe('says that it is not available', () => {
    const unavailable = async (databaseUrl: string, timeoutMs = 500) => {
      const limits = { ...defaultConnectionLimits, connectTimeoutMs: timeoutMs, statementTimeoutMs: timeoutMs };
      const lost = new Connections(() => databaseUrl, limits);
      const error = await rejectionOf(
        lost.use((session) => session.query('SELECT pg_sleep(5)')),
        LedgerUnavailable,
      );
      await lost.close();
      return error.message;
    };

    it('when nobody listens', async () => {
      expect(await unavailable('postgres://localhost:1/x')).to.match(/ECONNREFUSED/);
    });

    it('when the host has no address', async () => {
      expect(await unavailable('postgres://nowhere.invalid/x', 5000)).to.match(/ENOTFOUND|EAI_AGAIN/);
    });

    it('when a statement takes too long', async () => {
      expect(await unavailable(url)).to.match(/statement timeout/);
    });

    it('when the server ends the session in the middle of a transaction', async () => {
      const lost = connections.transaction(async (session) => {
        const { rows } = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        await connections.use((other) => other.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid]));
        await session.query('SELECT 1');
      });
      await rejectionOf(lost, LedgerUnavailable);
      await ledger.ping();
    });

    it('when the server ends an idle session, which is then replaced', async () => {
      await ledger.ping();
      const other = new Connections(() => url);
      await other.use((session) =>
        session.query(
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
        ),
      );
      await other.close();
      await connections.use((session) => session.query('SELECT 1')).catch(() => undefined);
      await ledger.ping();
    });
  });

  it('does not call a mistake in a statement unavailable', async () => {
    const error = await rejectionOf(
      connections.use((session) => session.query('SELECT nonsense')),
      Error,
    );
    expect(error).not.to.be.instanceOf(LedgerUnavailable);
    await ledger.ping();
  });

  it('breaks off at once when the signal aborts, and keeps nothing', async () => {
    const stop = new AbortController();
    const reason = new Error('stop');
    const broken = connections.transaction(async (session) => {
      await session.query(`INSERT INTO schema_step (step) VALUES (77)`);
      setImmediate(() => {
        stop.abort(reason);
      });
      await session.query('SELECT pg_sleep(60)');
    }, stop.signal);
    expect(await rejectionOf(broken, Error)).to.equal(reason);
    expect(await rejectionOf(ledger.ping(stop.signal), Error)).to.equal(reason);
    const { rows } = await connections.use((session) => session.query('SELECT 1 FROM schema_step WHERE step = 77'));
    expect(rows).to.deep.equal([]);
  });
});
