import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';

/** Where a Chromium may be, the likeliest first. */
const places = [
  process.env['PLBA_TEST_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The Chromium of this machine, or undefined. */
export function findChromium(): string | undefined {
  return places.find((place) => place !== undefined && existsSync(place));
}

/** A page in a browser of its own, with all that went wrong in it. */
export class Visit implements AsyncDisposable {
  /** Addresses that were asked for. */
  readonly requests: string[] = [];
  /** What scripts and the page's policy complained about, and nothing else: the browser's own lines about answers are left out. */
  readonly complaints: string[] = [];
  /** Answers of 400 and more, as `404 /events`. */
  readonly refusals = new Set<string>();

  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
    private readonly profile: string,
  ) {
    page.on('request', (request) => this.requests.push(request.url()));
    page.on('pageerror', ({ message }) => this.complaints.push(message));
    page.on('console', (message) => {
      const isAboutAnswer = message.text().startsWith('Failed to load resource');
      if (['error', 'warning'].includes(message.type()) && !isAboutAnswer) this.complaints.push(message.text());
    });
    page.on('response', (response) => {
      const { pathname } = new URL(response.url());
      if (response.status() >= 400) this.refusals.add(`${response.status()} ${pathname}`);
    });
  }

  /** Opens a browser with an empty profile. */
  static async open(executablePath: string, options: BrowserContextOptions = {}): Promise<Visit> {
    const profile = mkdtempSync(join(tmpdir(), 'plba-browser-'));
    const quiet = ['quic', 'background-networking', 'component-update', 'sync'].map((name) => `--disable-${name}`);
    const args = ['--no-sandbox', '--disable-gpu', '--no-first-run', ...quiet];
    const context = await chromium.launchPersistentContext(profile, {
      executablePath,
      headless: true,
      args,
      ...options,
    });
    // On a loaded machine everything takes its time.
    context.setDefaultTimeout(30_000);
    return new Visit(context.pages()[0] ?? (await context.newPage()), context, profile);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.context.close();
    rmSync(this.profile, { recursive: true, force: true });
  }
}
