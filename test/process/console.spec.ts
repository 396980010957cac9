import { readFileSync, rmSync, writeFileSync, mkdtempSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { AxeResults } from 'axe-core';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { findChromium, Visit } from '../support/browser.js';
import { Program } from '../support/child-process.js';

const fixture = 'test/process/fixtures/watched.ts';
const token = 'a-token-für-operators';
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const executable = findChromium();

describe('the console in a browser', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'plba-console-'));
  const brokenFile = join(folder, 'broken');
  let port: number;
  let program: Program;
  let visit: Visit;
  let page: Page;

  before(async function () {
    if (executable === undefined) {
      console.warn(
        '    no Chromium on this machine: install one, or name it in PLBA_TEST_CHROMIUM, to test the console',
      );
      this.skip();
    }
    port = await freePort();
    await start();
  });

  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    if (executable !== undefined) await program[Symbol.asyncDispose]();
  });

  afterEach(async () => {
    rmSync(brokenFile, { force: true });
    await visit[Symbol.asyncDispose]();
    expect(visit.complaints, 'what the browser complained about').to.deep.equal([]);
    const origins = new Set(visit.requests.map((url) => new URL(url).origin));
    expect([...origins], 'whom the page has asked').to.deep.equal([`http://127.0.0.1:${port}`]);
  });

  async function start(env: Record<string, string | undefined> = { PLBA__CONTROL__TOKEN: token }): Promise<void> {
    program = new Program(fixture, { env: { PLBA__CONTROL__PORT: String(port), BROKEN_FILE: brokenFile, ...env } });
    await program.line('posted three invoices');
  }

  async function open(options: BrowserContextOptions = {}): Promise<void> {
    visit = await Visit.open(executable ?? '', options);
    ({ page } = visit);
    await page.goto(`http://127.0.0.1:${port}/`);
  }

  async function signIn(shown = token): Promise<void> {
    await page.getByRole('textbox', { name: 'Token' }).fill(shown);
    await page.getByRole('button', { name: 'Use token' }).click();
  }

  async function openSignedIn(options: BrowserContextOptions = {}): Promise<void> {
    await open(options);
    await page.getByRole('main').getByRole('button', { name: 'Enter token' }).click();
    await signIn();
    await row('posting').waitFor();
  }

  const row = (worker: string): Locator =>
    page
      .getByRole('table', { name: 'Workers' })
      .getByRole('row')
      .filter({ has: page.getByRole('link', { name: worker, exact: true }) });

  /** Goes to a section without loading the page again, which would forget the token. */
  async function go(place: string): Promise<void> {
    await page.goto(`http://127.0.0.1:${port}/#/${place}`);
  }

  /** Fills in the dialog that is open, and sends it. */
  async function send(verb: string, reason = 'because of a test'): Promise<void> {
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Reason' }).fill(reason);
    await dialog.getByRole('button', { name: verb, exact: true }).click();
  }

  it('shows nothing of the application before it has a token, asks again for a wrong one, and forgets it when told', async () => {
    await open();
    await page.getByRole('main').getByRole('button', { name: 'Enter token' }).click();
    await signIn('wrong');
    await page.getByText('That token is not the right one.').waitFor();
    expect(await page.content()).not.to.include('posting');
    await signIn();
    await row('posting').waitFor();
    expect(page.url()).not.to.include(token);
    const stored = 'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, history.state])';
    expect(await page.evaluate(stored)).not.to.include(token);
    await page.reload();
    await page.getByText('has forgotten its token').waitFor();
    await page.getByRole('main').getByRole('button', { name: 'Enter token' }).click();
    // What somebody has at hand may be the whole link, also that of another application.
    const asked: (string | undefined)[] = [];
    page.on('request', (request) => asked.push(request.headers()['authorization']));
    await signIn('http://127.0.0.1:1/#token=sesame');
    await page.getByText('That link belongs to http://127.0.0.1:1,').waitFor();
    expect(await page.getByRole('textbox', { name: 'Token' }).inputValue()).to.equal('');
    expect(asked.join()).not.to.include('sesame');
    await signIn(` http://127.0.0.1:${port}/#token=${token}`);
    await row('posting').waitFor();
    await page.getByText('has forgotten its token').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Forget token' }).click();
    await page.reload();
    await page.getByRole('main').getByRole('button', { name: 'Enter token' }).waitFor();
    expect(await page.getByText('has forgotten its token').isVisible(), 'after it was told to forget it').to.equal(
      false,
    );
  });

  it('takes no late answer to a question without a token for one about the token that is there since', async () => {
    await open();
    const enter = page.getByRole('main').getByRole('button', { name: 'Enter token' });
    await enter.waitFor();
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/status', async (route) => {
      if (route.request().headers()['authorization'] === undefined) await released;
      await route.continue();
    });
    const asked = page.waitForRequest('**/status');
    await enter.click();
    await asked;
    await signIn();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    release();
    await row('posting').waitFor();
    expect(await page.getByRole('dialog').isVisible()).to.equal(false);
    await page.unrouteAll({ behavior: 'wait' });
  });

  it('shows a worker fail and recover live, and why, as text', async () => {
    await openSignedIn();
    await page.getByText('All is well.').waitFor();
    writeFileSync(brokenFile, '');
    await row('posting').getByText('unhealthy').waitFor();
    await row('partner').getByText('the partner says 503').waitFor();
    await page.getByRole('listitem').filter({ hasText: 'the archive is read-only' }).waitFor();

    await row('posting').getByRole('link', { name: 'posting' }).click();
    await page.getByRole('heading', { name: 'What went wrong' }).waitFor();
    // What looks like HTML is a text.
    await page.getByText('because: connect ECONNREFUSED <b>10.0.0.7</b>:5432').waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();

    rmSync(brokenFile);
    await row('posting').getByText('worked').waitFor();
    await page.getByText('All is well.').waitFor();
  });

  it('stops and starts a worker, and tells the application who wanted it and why', async () => {
    await openSignedIn();
    await row('posting').getByRole('button', { name: 'Stop' }).click();
    // Without a reason nothing is sent.
    await page.getByRole('dialog').getByRole('button', { name: 'Stop', exact: true }).click();
    expect(await page.getByRole('dialog').isVisible()).to.equal(true);
    await send('Stop', 'month-end <close>');
    await row('posting').getByText('stopped').first().waitFor();
    await page.getByText('stop posting: done').waitFor();
    await program.line('month-end <close>');
    await row('posting').getByText('by operator@127.0.0.1: month-end <close>').waitFor();
    await row('posting').getByRole('button', { name: 'Start' }).click();
    await send('Start');
    await row('posting').getByText('running', { exact: true }).waitFor();
    await row('posting').getByText('started by operator').waitFor();

    await page.getByRole('link', { name: 'Audit' }).click();
    const entry = page.getByRole('row').filter({ hasText: 'Stop posting' });
    await entry.getByText('running → stopped').waitFor();
    expect(await entry.innerText())
      .to.match(/20\d\d-\d\d-\d\d \d\d:\d\d:\d\dZ/)
      .and.include('month-end <close>');
  });

  it('says what was rejected, however many runs have found nothing since, and leads to that run', async () => {
    await openSignedIn();
    await row('sorting').getByText('idle').waitFor();
    await row('sorting').getByRole('link', { name: '1 rejected' }).click();
    await page.getByText(/\d+ runs? not kept/).waitFor();
    const run = page.getByRole('region', { name: 'The run' });
    await run.getByText('partial').first().waitFor();
    await run.getByText('no address').first().waitFor();
    await page.getByText('1 item in 1 run').waitFor();
  });

  it('offers a worker by hand nothing that it cannot do, and does not speak of runs that it does not have', async () => {
    await openSignedIn();
    await row('listener').getByRole('link').click();
    const pause = page.getByRole('button', { name: 'Pause listener' });
    await pause.click();
    expect(await page.getByRole('dialog').innerText()).not.to.match(/\bruns?\b/i);
    await page.keyboard.press('Escape');
    expect(await page.getByText('Next run').count()).to.equal(0);
    await page.getByRole('button', { name: 'Stop listener' }).click();
    expect(await page.getByRole('dialog').innerText()).not.to.match(/\bruns?\b/i);
    expect(await page.getByRole('button', { name: /Run now/ }).count()).to.equal(0);
  });

  it('changes the level of a logger for a while, and takes it back', async () => {
    await openSignedIn();
    await page.getByRole('link', { name: 'Loggers' }).click();
    const change = page.getByRole('button', { name: 'Change level of default' });
    await change.click();
    await page.getByRole('combobox', { name: 'Level' }).selectOption('debug');
    await page.getByRole('combobox', { name: 'For' }).selectOption('1 hour');
    await send('Set level', 'looking for a leak');
    const logger = page.getByRole('row').filter({ has: change });
    await logger.getByText('debug').waitFor();
    await logger.getByText('looking for a leak, ends in 59 min').waitFor();
    await change.click();
    await page.getByRole('combobox', { name: 'Level' }).selectOption('inherit');
    await send('Set level');
    await logger.getByText('looking for a leak').waitFor({ state: 'detached' });
  });

  it('wants a second yes for what cannot be undone', async () => {
    await openSignedIn();
    await row('import').getByRole('button', { name: 'Stop' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('checkbox', { name: 'Abort the run in progress at once' }).check();
    await send('Stop');
    expect(await dialog.isVisible(), 'nothing is sent').to.equal(true);
    await dialog.getByRole('checkbox', { name: /cannot be undone/ }).check();
    await send('Stop');
    await row('import').getByText('stopped').first().waitFor();
  });

  it('goes by keyboard: into a worker, into an action, and out of it', async () => {
    await openSignedIn();
    await row('posting').getByRole('link', { name: 'posting' }).focus();
    await page.keyboard.press('Enter');
    const pause = page.getByRole('button', { name: 'Pause posting' });
    await pause.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    // Focus has stayed while everything around it is live.
    expect(await page.locator('button:focus').getAttribute('aria-label')).to.equal('Pause posting');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Reason' }).pressSequentially('quiet, please');
    await page.keyboard.press('Enter');
    await page.getByText('paused', { exact: true }).first().waitFor();
    // What was pressed is gone: what has come for it has the focus, and gives it back when it comes again.
    const focused = page.locator('button:focus');
    await page.locator('button[aria-label="Resume posting"]:focus').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Reason' }).pressSequentially('thank you');
    // However long the dialog is open, while what is behind it goes on.
    const age = page.locator('.facts div').filter({ hasText: 'For' }).first();
    const before = await age.innerText();
    while ((await age.innerText()) === before);
    await page.keyboard.press('Enter');
    await page.getByText('running', { exact: true }).first().waitFor();
    await page.locator('button[aria-label="Pause posting"]:focus').waitFor();
    await page.getByRole('link', { name: 'Loggers' }).click();
    await page.getByRole('button', { name: 'Change level of default' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Reason' }).pressSequentially('why not');
    await page.keyboard.press('Enter');
    await page.getByText('level of default: done').waitFor();
    expect(await focused.getAttribute('aria-label')).to.equal('Change level of default');
  });

  it('says so when the application goes away, and goes on when another process takes its place', async () => {
    await openSignedIn();
    program.kill('SIGTERM');
    await program.ended;
    await page.getByRole('alert').getByText('does not answer').waitFor();
    expect(await row('posting').isVisible(), 'what was known stays').to.equal(true);
    await start();
    await page.getByText('The application has restarted.').waitFor();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await row('posting').getByText('worked').waitFor();
    await row('posting').getByRole('button', { name: 'Restart' }).click();
    await send('Restart');
    await page.getByText('restart posting: done').waitFor();
  });

  for (const [how, options] of [
    ['in light', { colorScheme: 'light' }],
    ['in dark', { colorScheme: 'dark' }],
    ['on a phone', { viewport: { width: 390, height: 844 }, hasTouch: true }],
  ] as const)
    it(`is accessible ${how}: axe finds nothing in any section, and nothing is wider than the screen`, async () => {
      await openSignedIn(options);
      writeFileSync(brokenFile, '');
      await row('posting').getByText('unhealthy').waitFor();
      for (const place of ['', 'workers/posting', 'workers/import', 'start', 'configuration', 'loggers', 'audit']) {
        await go(place);
        await page.getByRole('main').filter({ hasText: 'Loading ' }).waitFor({ state: 'detached' });
        expect(await violations(page), place).to.deep.equal([]);
        const widths = '[document.documentElement.scrollWidth, innerWidth]';
        const [needed = 0, given] = await page.evaluate<number[]>(widths);
        expect(needed, `${place} on a screen of ${given}`).to.be.at.most(given ?? 0);
        expect(await page.evaluate(brokenWords), `words broken in their middle at ${place}`).to.deep.equal([]);
      }
      await go('workers/posting');
      await page.getByRole('button', { name: 'Stop posting' }).click();
      await page.getByRole('dialog').waitFor();
      expect(await violations(page), 'the dialog').to.deep.equal([]);
    });

  it('shows everything without a token where none is configured, and says plainly how to be allowed to operate', async () => {
    await program[Symbol.asyncDispose]();
    await start({ PLBA__CONTROL__TOKEN: undefined });
    await open();
    await row('posting').getByRole('button', { name: 'Stop' }).click();
    await send('Stop');
    await page.getByText('PLBA__CONTROL__TOKEN').waitFor();
    expect(await row('posting').getByText('running', { exact: true }).isVisible()).to.equal(true);
  });
});

/** The words in tables that stand on two lines, but for what is as long as a path. */
const brokenWords = `
  [...document.querySelectorAll('td, th')].flatMap((cell) => {
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    const broken = [];
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (node.parentElement.closest('.long') !== null) continue;
      for (const { 0: word, index } of node.data.matchAll(/[\\p{L}\\p{N}]+/gu)) {
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) broken.push(word);
      }
    }
    return broken;
  })
`;

/** What axe finds, in words. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations: found } = await page.evaluate<AxeResults>('axe.run()');
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
  );
}

/** A port that the application can come back to. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
