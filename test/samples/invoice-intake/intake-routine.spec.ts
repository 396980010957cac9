import { cpSync, existsSync, readdirSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import { Inbox } from '../../../samples/invoice-intake/inbox/inbox.js';
import type { FileOutcome } from '../../../samples/invoice-intake/intake/file-outcome.js';
import { IntakeReport } from '../../../samples/invoice-intake/intake/intake-report.js';
import { IntakeRoutine, type Remainder } from '../../../samples/invoice-intake/intake/intake-routine.js';
import { defaultLimits } from '../../../samples/invoice-intake/invoice/examine-invoice.js';
import { Connections } from '../../../samples/invoice-intake/ledger/connections.js';
import { Ledger } from '../../../samples/invoice-intake/ledger/ledger.js';
import { LedgerUnavailable } from '../../../samples/invoice-intake/ledger/ledger-unavailable.js';
import { TotalsReport } from '../../../samples/invoice-intake/report/totals-report.js';
import { anInvoice } from './an-invoice.js';
import { freshDatabase, temporaryFolder } from './own-database.js';
import { rejectionOf } from './rejection-of.js';
import { exampleTable, standardExamples } from './standard-examples.js';

const shipped = path.resolve(__dirname, '../../../samples/invoice-intake/invoices');

describe('the intake routine', function () {
  this.timeout(20_000);
  let folder: string;
  let url: string;
  let connections: Connections;
  let ledger: Ledger;
  let routine: IntakeRoutine;
  const noStop = new AbortController().signal;
  const later = () => new Date(Date.now() + 60_000);
  const put = (name: string, text: string) => writeFile(path.join(folder, name), text);

  beforeEach(async () => {
    folder = await temporaryFolder();
    url = await freshDatabase();
    connections = new Connections(() => url);
    ledger = new Ledger(connections);
    await ledger.migrate();
    routine = routineWith({});
  });
  afterEach(() => connections.close());

  function routineWith({ batchSize = 100, limits = defaultLimits, to = ledger }): IntakeRoutine {
    return new IntakeRoutine(new Inbox(folder, { quietMs: 1000 }), to, { batchSize, limits });
  }

  async function takeIn(by = routine, signal = noStop): Promise<{ outcomes: FileOutcome[]; remainder: Remainder }> {
    const outcomes: FileOutcome[] = [];
    const pass = by.takeIn(later(), signal);
    for (;;) {
      const step = await pass.next();
      if (step.done === true) return { outcomes, remainder: step.value };
      outcomes.push(step.value);
    }
  }

  /** Outcome and file; the reason where there is one. */
  const brief = (outcome: FileOutcome): string[] => [
    outcome.kind,
    outcome.file,
    ...(outcome.kind === 'accepted' ? [] : [outcome.reason]),
  ];
  const posted = async (): Promise<number> => {
    const totals = await ledger.totals();
    return totals.reduce((sum, { invoices, creditNotes }) => sum + invoices + creditNotes, 0);
  };
  const filesIn = (name: string): string[] =>
    existsSync(path.join(folder, name)) ? readdirSync(path.join(folder, name)).sort() : [];

  it('takes the invoices that come with the sample where they belong', async () => {
    cpSync(shipped, folder, { recursive: true });
    const { outcomes } = await takeIn();
    expect(outcomes.map(({ file, kind }) => `${file} ${kind}`)).to.deep.equal([
      '01-two-lines.xml accepted',
      '02-two-vat-rates.xml accepted',
      '03-allowance-and-charge.xml accepted',
      '04-prepaid-and-rounded.xml accepted',
      '05-two-currencies.xml accepted',
      '06-credit-note.xml accepted',
      '07-same-file-again.xml ignored',
      '08-same-number-other-amount.xml rejected',
      '09-wrong-total.xml rejected',
      '10-broken-off.xml rejected',
    ]);
    expect(filesIn('processed')).to.have.length(7);
    expect(filesIn('rejected')).to.have.length(6);
    expect(filesIn('taken')).to.deep.equal([]);
    expect(await posted()).to.equal(6);
  });

  it('finds nothing to do in an inbox that is empty', async () => {
    expect(await takeIn()).to.deep.equal({ outcomes: [], remainder: { growing: [], more: false } });
  });

  describe('rejects and names', () => {
    const bomb = '<!DOCTYPE a [<!ENTITY x "x">]><a>&x;</a>';
    const cases: [what: string, text: string, reason: RegExp][] = [
      ['a file that is broken off', anInvoice().slice(0, 700), /^line \d+: unclosed tag/],
      ['an entity bomb', bomb, /DOCTYPE/],
      ['an empty file', '', /document/],
      ['a file that is no invoice', '<html/>', /no UBL invoice/],
      ['a total that is wrong', anInvoice({ due: '1.00' }), /^BR-CO-16: .* found 1.00, expected 180.12$/],
    ];
    for (const [what, text, reason] of cases) {
      it(what, async () => {
        await put('a.xml', text);
        const { outcomes } = await takeIn();
        expect(outcomes).to.have.length(1);
        expect(outcomes[0]).to.deep.include({ kind: 'rejected', file: 'a.xml' });
        expect(brief(outcomes[0]!)[2]).to.match(reason);
        expect(filesIn('rejected')).to.deep.equal(['a.xml', 'a.xml.reason.json']);
        expect(await posted()).to.equal(0);
      });
    }

    it('a number that is posted with other content', async () => {
      await put('a.xml', anInvoice());
      await put('b.xml', anInvoice({ issueDate: '2026-02-04' }));
      const { outcomes } = await takeIn();
      expect(outcomes.map(brief)).to.deep.equal([
        ['accepted', 'a.xml'],
        [
          'rejected',
          'b.xml',
          'duplicate number: A-1 from "a.xml" (Seller Ltd., 180.12 EUR due) is posted with other content',
        ],
      ]);
    });

    it('a file that is too large, without reading it', async () => {
      await put('a.xml', anInvoice());
      const { outcomes } = await takeIn(routineWith({ limits: { ...defaultLimits, maxBytes: 10 } }));
      expect(brief(outcomes[0]!)[2]).to.match(/more than the 10 that are allowed/);
    });
  });

  it('ignores the same content in another file, and moves it away', async () => {
    await put('a.xml', anInvoice());
    await put('b.xml', anInvoice());
    const { outcomes } = await takeIn();
    expect(outcomes.map(brief)).to.deep.equal([
      ['accepted', 'a.xml'],
      ['ignored', 'b.xml', 'duplicate: the same content is posted, from "a.xml" (Seller Ltd., 180.12 EUR due)'],
    ]);
    expect(filesIn('processed')).to.deep.equal(['a.xml', 'b.xml']);
  });

  it('mentions what it cannot take in once, as long as it is there', async () => {
    const link = path.join(folder, 'a.xml');
    await symlink('/nowhere', link);
    const once = [['ignored', 'a.xml', 'it is a symbolic link']];
    expect((await takeIn()).outcomes.map(brief)).to.deep.equal(once);
    expect((await takeIn()).outcomes).to.deep.equal([]);
    await unlink(link);
    await takeIn();
    await symlink('/nowhere', link);
    expect((await takeIn()).outcomes.map(brief)).to.deep.equal(once);
  });

  it('takes in a batch at a time, and says that there is more', async () => {
    for (const number of ['1', '2', '3']) await put(`${number}.xml`, anInvoice({ number }));
    const small = routineWith({ batchSize: 2 });
    const first = await takeIn(small);
    expect([first.outcomes.length, first.remainder.more]).to.deep.equal([2, true]);
    const second = await takeIn(small);
    expect([second.outcomes.length, second.remainder.more]).to.deep.equal([1, false]);
  });

  it('counts the files that still grow', async () => {
    await put('a.xml', anInvoice());
    const pass = routine.takeIn(new Date(), noStop);
    expect(await pass.next()).to.deep.equal({ done: true, value: { growing: ['a.xml'], more: false } });
  });

  describe('when the ledger is away', () => {
    const nowhere = new Ledger(new Connections(() => 'postgres://localhost:1/x'));

    it('says so at once, and loses nothing', async () => {
      await put('a.xml', anInvoice({ number: '1' }));
      await put('b.xml', anInvoice({ number: '2' }));
      await rejectionOf(takeIn(routineWith({ to: nowhere })), LedgerUnavailable);
      const { outcomes } = await takeIn();
      expect(outcomes.map(brief)).to.deep.equal([
        ['accepted', 'a.xml'],
        ['accepted', 'b.xml'],
      ]);
    });

    it('tries again with the file at hand first', async () => {
      await put('b.xml', anInvoice({ number: '2' }));
      await rejectionOf(takeIn(routineWith({ to: nowhere })), LedgerUnavailable);
      await put('a.xml', anInvoice({ number: '1' }));
      expect((await takeIn()).outcomes.map(({ file }) => file)).to.deep.equal(['b.xml', 'a.xml']);
    });
  });

  it('stops between two files when the signal aborts', async () => {
    await put('a.xml', anInvoice({ number: '1' }));
    await put('b.xml', anInvoice({ number: '2' }));
    const stop = new AbortController();
    const pass = routine.takeIn(later(), stop.signal);
    await pass.next();
    stop.abort(new Error('stop'));
    expect((await rejectionOf(pass.next(), Error)).message).to.equal('stop');
    expect([await posted(), filesIn('processed'), filesIn('taken')]).to.deep.equal([1, ['a.xml'], []]);
  });

  it('goes on with the others when one file makes it trip, and says so at the end', async () => {
    await put('a.xml', anInvoice({ number: '1' }));
    await put('b.xml', anInvoice({ number: '2' }));
    await connections.use((session) => session.query(`ALTER TABLE invoice ADD CHECK (number <> '1')`));
    const error = await rejectionOf(takeIn(), AggregateError);
    expect(error.message).to.contain('"a.xml"');
    expect([await posted(), filesIn('processed'), filesIn('taken').length]).to.deep.equal([1, ['b.xml'], 1]);
  });

  describe('reports', () => {
    it('what became of each file, amounts as they stand in the invoice', async () => {
      await put('a.xml', anInvoice({ due: '180.120' }));
      await put('b.xml', anInvoice({ number: '2', due: '1' }));
      await put('c.xml', anInvoice({ due: '180.120' }));
      const report = new IntakeReport();
      for (const outcome of (await takeIn()).outcomes) report.add(outcome);
      const place = path.join(folder, 'reports', 'out.json');
      await report.write(place);
      const written = JSON.parse(await readFile(place, 'utf8')) as Record<
        'accepted' | 'rejected' | 'ignored',
        unknown[]
      >;
      expect(Object.keys(written)).to.deep.equal(['accepted', 'rejected', 'ignored']);
      expect(written.accepted).to.deep.equal([
        { file: 'a.xml', id: 'A-1', kind: 'Invoice', issueDate: '2026-02-03', currency: 'EUR', due: '180.120' },
      ]);
      expect(written.rejected).to.have.nested.property('0.rules').that.deep.equals(['BR-CO-16']);
      expect(written.rejected[0]).to.have.all.keys('file', 'rules', 'reason');
      expect(written.ignored[0]).to.have.all.keys('file', 'reason');
    });

    it('the totals of the ledger', async () => {
      await put('a.xml', anInvoice());
      await takeIn();
      const file = path.join(folder, 'reports', 'totals.json');
      expect(await new TotalsReport(ledger, file).write(new Date('2026-03-01'))).to.equal(1);
      const written = JSON.parse(await readFile(file, 'utf8')) as { asOf: string; totals: unknown[] };
      expect(written.asOf).to.equal('2026-03-01T00:00:00.000Z');
      expect(written.totals).to.deep.equal(await ledger.totals());
      expect(await readdir(path.dirname(file))).to.deep.equal(['totals.json']);
    });
  });

  it('posts each number of the example invoices of EN 16931 once, and rejects its doubles by name', async function () {
    if (!existsSync(standardExamples)) this.skip();
    const table = exampleTable();
    await mkdir(folder, { recursive: true });
    for (const { file } of table)
      await writeFile(path.join(folder, file), await readFile(path.join(standardExamples, file)));
    const { outcomes } = await takeIn();
    expect(outcomes.map(({ file }) => file)).to.deep.equal(table.map(({ file }) => file).sort());
    // The examples of one number all share a seller, by one of its names.
    const firstOfNumber = [...table]
      .sort((a, b) => (a.file < b.file ? -1 : 1))
      .filter(({ number }, at, all) => all.findIndex((other) => other.number === number) === at);
    expect(outcomes.filter(({ kind }) => kind === 'accepted').map(({ file }) => file)).to.deep.equal(
      firstOfNumber.map(({ file }) => file),
    );
    for (const outcome of outcomes.filter(({ kind }) => kind !== 'accepted')) {
      const { number } = table.find(({ file }) => file === outcome.file)!;
      expect(brief(outcome)[2])
        .to.match(/^duplicate number/)
        .and.to.contain(number);
    }
    expect(await posted()).to.equal(firstOfNumber.length);
  });
});
