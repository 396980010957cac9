import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import type { Locator, Page } from 'playwright-core';
import { findChromium, Visit } from '../support/browser.js';
import { Program } from '../support/child-process.js';
import { anInvoice } from './invoice-intake/an-invoice.js';
import { temporaryFolder } from './invoice-intake/own-database.js';

const executable = findChromium();

describe('somebody who has never seen the invoice intake', function () {
  this.timeout(180_000);
  let program: Program;
  let visit: Visit;
  let page: Page;
  let link: string;
  let folder: string;

  before(async function () {
    if (executable === undefined) {
      console.warn('    no Chromium on this machine: install one, or name it in PLBA_TEST_CHROMIUM');
      this.skip();
    }
    folder = await temporaryFolder();
    const runtime = path.join(folder, 'runtime');
    mkdirSync(runtime, { mode: 0o700 });
    mkdirSync(inbox());
    program = new Program('samples/invoice-intake/main.ts', {
      env: {
        INVOICES__DATABASE_URL: undefined,
        INVOICES__DATABASE_FOLDER: path.join(folder, 'postgres'),
        INVOICES__INBOX: inbox(),
        INVOICES__TOTALS_FILE: path.join(folder, 'totals.json'),
        XDG_RUNTIME_DIR: runtime,
        PLBA__CONTROL__TOKEN: undefined,
      },
    });
    const line = await program.line('the link to the console is in');
    link = readFileSync(/\/[^"]+\.link/.exec(line)?.[0] ?? '', 'utf8').trim();
    visit = await Visit.open(executable);
    ({ page } = visit);
  });

  after(async () => {
    if (executable === undefined) return;
    await visit[Symbol.asyncDispose]();
    await program[Symbol.asyncDispose]();
  });

  const inbox = (): string => path.join(folder, 'inbox');

  const row = (worker: string): Locator =>
    page
      .getByRole('table', { name: 'Workers' })
      .getByRole('row')
      .filter({ has: page.getByRole('link', { name: worker, exact: true }) });

  /** Presses a button of a worker, and says why. */
  async function order(verb: string, worker: string, reason: string): Promise<void> {
    await row(worker).getByRole('button', { name: verb }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Reason' }).fill(reason);
    await dialog.getByRole('button', { name: verb, exact: true }).click();
    await page.getByText(`${verb.toLowerCase()} ${worker}: done`).waitFor();
  }

  it('opens the console by its link, takes the database away, sees why nothing is posted, brings it back, and restarts a worker', async () => {
    await page.goto(link);
    await page.getByText('All is well.').waitFor();
    expect(page.url(), 'the token is gone from the address').to.match(/\/#\/$/);

    await order('Stop', 'database', 'to see what happens');
    await page
      .getByRole('listitem')
      .filter({ hasText: 'ledger' })
      .getByText('it was stopped, and has not been')
      .waitFor();
    writeFileSync(path.join(inbox(), 'a.xml'), anInvoice());
    await row('intake').getByText('blocked').first().waitFor();

    await order('Start', 'database', 'seen enough');
    await program.line('accepted A-1');
    await page.getByText('All is well.').waitFor();
    await order('Restart', 'intake', 'because I can');
    await row('intake').getByText('running', { exact: true }).waitFor();

    await page.getByRole('link', { name: 'Audit' }).click();
    await page.getByText('because I can').waitFor();
    expect(await page.getByRole('main').innerText()).to.contain('console link@127.0.0.1');
    expect(visit.complaints).to.deep.equal([]);
  });

  it('leaves the token nowhere: not in the log, and in no address that was asked for', () => {
    const token = new URL(link).hash.slice('#token='.length);
    expect(token).to.have.length.above(30);
    expect(program.output()).not.to.contain(token);
    // The address of the page itself has it behind its #, which stays in the browser.
    const asked = visit.requests.filter((url) => url !== link);
    expect(asked.filter((url) => url.includes(token))).to.deep.equal([]);
  });
});
