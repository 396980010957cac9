import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type { HealthReport, RunRecord } from 'plba';
import { OwnPostgres } from '../../samples/invoice-intake/postgres/own-postgres.js';
import { Program } from '../support/child-process.js';
import { stopReportOf } from '../support/fixture-case.js';
import { anInvoice } from './invoice-intake/an-invoice.js';
import { temporaryFolder } from './invoice-intake/own-database.js';
import { exampleTable, standardExamples } from './invoice-intake/standard-examples.js';

const main = 'samples/invoice-intake/main.ts';
const shipped = 'samples/invoice-intake/invoices';

interface IntakeReport {
  readonly accepted: { readonly file: string; readonly id: string; readonly due: string }[];
  readonly rejected: { readonly file: string; readonly rules: string[]; readonly reason: string }[];
  readonly ignored: { readonly file: string; readonly reason: string }[];
}

describe('the invoice intake as a process', function () {
  this.timeout(60_000);
  let folder: string;
  let inbox: string;
  let report: string;
  let databaseFolder: string;
  const programs: Program[] = [];

  beforeEach(async () => {
    folder = await temporaryFolder();
    inbox = path.join(folder, 'inbox');
    report = path.join(folder, 'out.json');
    databaseFolder = path.join(folder, 'postgres');
    mkdirSync(inbox);
  });
  afterEach(() => Promise.all(programs.splice(0).map((program) => program[Symbol.asyncDispose]())));

  /** The application, with all that it writes in the folder of the test. */
  function start(args: readonly string[], env: Record<string, string | undefined> = {}): Program {
    const places = {
      INVOICES__DATABASE_FOLDER: databaseFolder,
      INVOICES__TOTALS_FILE: path.join(folder, 'totals.json'),
    };
    const program = new Program(main, { args, env: { INVOICES__DATABASE_URL: undefined, ...places, ...env } });
    programs.push(program);
    return program;
  }

  /** Takes in what is there; the report of it. */
  async function takeIn(env: Record<string, string | undefined> = {}): Promise<IntakeReport> {
    const program = start(['--once', '--inbox', inbox, '--report', report], env);
    expect(await program.ended, program.output()).to.deep.equal({ code: 0, signal: null });
    const open = stopReportOf(program).open.map(({ kind }) => kind);
    expect(open, 'connections that nobody uses').to.not.include.members(['socket']);
    return JSON.parse(readFileSync(report, 'utf8')) as IntakeReport;
  }

  const health = async (url: string): Promise<HealthReport> =>
    (await (await fetch(`${url}/health`)).json()) as HealthReport;

  describe('with --once', () => {
    it('takes in what is there, says what became of it, and ends', async () => {
      cpSync(shipped, inbox, { recursive: true });
      const { accepted, rejected, ignored } = await takeIn();
      expect(accepted.map(({ file }) => file.slice(0, 2))).to.deep.equal(['01', '02', '03', '04', '05', '06']);
      expect(ignored.map(({ file }) => file.slice(0, 2))).to.deep.equal(['07']);
      expect(rejected.map(({ file, rules }) => [file.slice(0, 2), ...rules])).to.deep.equal([
        ['08'],
        ['09', 'BR-CO-15'],
        ['10'],
      ]);
      const totals = JSON.parse(readFileSync(path.join(folder, 'totals.json'), 'utf8')) as { totals: object[] };
      expect(totals.totals[0]).to.deep.include({ currency: 'EUR', seller: 'Fjällträ AB', withVat: '1300.00' });
    });

    it('posts nothing again when it is run again on the same files', async () => {
      cpSync(shipped, inbox, { recursive: true });
      await takeIn();
      cpSync(shipped, inbox, { recursive: true });
      const { accepted, ignored } = await takeIn();
      expect([accepted.length, ignored.length]).to.deep.equal([0, 7]);
    });

    it('ends on an empty inbox, too', async () => {
      expect(await takeIn()).to.deep.equal({ accepted: [], rejected: [], ignored: [] });
    });

    it('reports the example invoices of EN 16931 as the table has them', async function () {
      if (!existsSync(standardExamples)) this.skip();
      cpSync(standardExamples, inbox, { recursive: true });
      const { accepted, rejected, ignored } = await takeIn();
      const table = new Map(exampleTable().map((row) => [row.file, row]));
      for (const { file, ...entry } of accepted) {
        const row = table.get(file)!;
        expect(entry, file).to.deep.equal({
          ...{ id: row.number, kind: row.kind, issueDate: row.issueDate, currency: row.currency, due: row.due },
        });
      }
      expect(ignored).to.deep.equal([]);
      const ids = accepted.map(({ id }) => id);
      expect(new Set(ids).size).to.equal(ids.length);
      for (const { file, reason } of rejected)
        expect(reason).to.contain(`duplicate number: ${table.get(file)!.number} `);
      expect(accepted.length + rejected.length).to.equal(table.size);
    });

    it('waits for a file that is still being written', async () => {
      const text = anInvoice();
      const file = path.join(inbox, 'a.xml');
      writeFileSync(file, text.slice(0, 100));
      // A last change in the future: only since when the program has seen the file counts, however long it takes to start.
      utimesSync(file, new Date(), new Date(Date.now() + 3_600_000));
      const program = start(['--once', '--inbox', inbox, '--report', report], { INVOICES__QUIET_MS: '4000' });
      await program.line('taking in');
      writeFileSync(file, text);
      expect((await program.ended).code, program.output()).to.equal(0);
      const { accepted } = JSON.parse(readFileSync(report, 'utf8')) as IntakeReport;
      expect(accepted).to.have.length(1);
    });
  });

  it('goes on until Ctrl-C, and leaves no database behind', async () => {
    const program = start(['--inbox', inbox]);
    const url = await program.controlUrl();
    await program.line('taking in');
    writeFileSync(path.join(inbox, 'a.xml'), anInvoice());
    await program.line('accepted A-1');
    expect((await health(url)).status).to.equal('ok');
    program.kill('SIGINT');
    expect((await program.ended).code, program.output()).to.equal(0);
    await until(() => !existsSync(path.join(databaseFolder, 'data', 'postmaster.pid')));
    expect(readdirSync(path.join(inbox, 'processed'))).to.deep.equal(['a.xml']);
  });

  it('waits for a database that goes away, says so, loses nothing, and recovers by itself', async () => {
    let postgres = await OwnPostgres.start(databaseFolder);
    try {
      const program = start(['--inbox', inbox], { INVOICES__DATABASE_URL: postgres.url });
      const url = await program.controlUrl();
      await program.line('taking in');
      await postgres.stop();

      writeFileSync(path.join(inbox, 'a.xml'), anInvoice());
      await program.line(/"worker":"intake","health":"degraded"/);
      const { status, workers } = await health(url);
      expect([status, workers['intake']?.status]).to.deep.equal(['degraded', 'degraded']);
      expect(workers['intake']?.reason).to.contain('ECONNREFUSED');
      const runs = (await (await fetch(`${url}/workers/intake/runs`)).json()) as RunRecord[];
      expect(runs[0]).to.deep.include({ outcome: 'blocked' });
      expect(program.output()).not.to.contain(new URL(postgres.url).password);

      postgres = await OwnPostgres.start(databaseFolder);
      await program.line('accepted A-1');
      await until(async () => (await health(url)).status === 'ok');
      expect(readdirSync(path.join(inbox, 'processed'))).to.deep.equal(['a.xml']);
    } finally {
      await postgres.stop();
    }
  });

  describe('does not start', () => {
    it('with an argument that it does not know', async () => {
      const program = start(['--onec']);
      expect((await program.ended).code).to.equal(2);
      expect(program.stderr.join('\n')).to.contain("'--onec'").and.to.contain('--inbox DIR');
    });

    it('with an inbox that is not there', async () => {
      const program = start(['--once', '--inbox', path.join(folder, 'nowhere')]);
      expect((await program.ended).code).to.equal(1);
      expect(program.stderr.join('\n')).to.contain('nowhere is not there');
    });

    it('with a database URL that is none, and does not show it', async () => {
      const program = start(['--once', '--inbox', inbox], { INVOICES__DATABASE_URL: 'mysql://me:hidden-word@host/x' });
      expect((await program.ended).code).to.equal(2);
      expect(program.output()).to.contain('INVOICES__DATABASE_URL').and.not.to.contain('hidden-word');
    });

    it('twice on one database of its own', async () => {
      const first = start(['--inbox', inbox]);
      await first.line('taking in');
      const second = start(['--inbox', inbox]);
      expect((await second.ended).code).to.equal(1);
      expect(second.stderr.join('\n')).to.contain('in use by another application');
    });
  });

  it('explains itself', async () => {
    const program = start(['--help']);
    expect((await program.ended).code).to.equal(0);
    expect(program.stdout.join('\n')).to.contain('--report FILE');
  });
});

/** Other processes tell nobody when they are done: asks until they are. */
async function until(isDone: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isDone())) await delay(50);
}
