import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { ask } from '../fakes/control-client.js';
import { type ControlStage, startControl } from '../fakes/control-stage.js';

describe('the routes of the console', () => {
  let stage: ControlStage;

  before(async () => {
    const scrub = (text: string): string => text.replaceAll('import', '******');
    stage = await startControl({ token: 'sesame', scrub });
  });

  after(() => stage.plane.stop());

  const get = (path: string): ReturnType<typeof ask> => ask(stage.port, { path });

  /** Every file that the page leads to, by its path. */
  async function filesOfPage(): Promise<Map<string, Awaited<ReturnType<typeof ask>>>> {
    const found = new Map([['/', await get('/')]]);
    for (const [path, { text }] of found) {
      const links = [...text.matchAll(/(?:href|src)="(\/[^"]+)"/g)].map(([, link]) => link ?? '');
      const imports = [...text.matchAll(/^import [^;]*?from '\.\/([^']+)'/gm)].map(
        ([, name]) => `/console/${name ?? ''}`,
      );
      for (const next of path === '/' ? links : imports) if (!found.has(next)) found.set(next, await get(next));
    }
    return found;
  }

  it('give the page and all that it loads to everybody, each by its type', async () => {
    const files = await filesOfPage();
    expect([...files].filter(([, { status }]) => status !== 200).map(([path]) => path)).to.deep.equal([]);
    const types = new Set([...files.values()].map(({ headers }) => headers['content-type']));
    expect([...types]).to.have.members([
      'text/html; charset=utf-8',
      'text/css; charset=utf-8',
      'text/javascript; charset=utf-8',
      'image/svg+xml',
    ]);
    expect([...files.keys()]).to.include.members(['/console/main.js', '/console/patch.js', '/console/console.css']);
  });

  it('let the page load its own files and ask its own origin, and nothing else', async () => {
    for (const [path, { headers }] of await filesOfPage()) {
      const policy = headers['content-security-policy'];
      expect(policy, path)
        .to.match(/^default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';/)
        .and.include("frame-ancestors 'none'")
        .and.include("require-trusted-types-for 'script'")
        .and.not.match(/unsafe|data:|https?:|\*/);
      expect(headers['x-content-type-options'], path).to.equal('nosniff');
      expect(headers['cache-control'], path).to.equal('no-store');
    }
  });

  it('have no script, style or listener inside the page, and no address of another origin in any file', async () => {
    const files = await filesOfPage();
    expect(files.get('/')?.text).not.to.match(/<style|style=|\son\w+=|<script(?![^>]*src=)/);
    for (const [path, { text }] of files)
      expect(text.replace('http://www.w3.org/2000/svg', ''), path).not.to.match(/\bhttps?:\/\/|\beval\(|innerHTML/);
  });

  it('take no word out of the page that happens to be a secret', async () => {
    expect((await get('/console/main.js')).text).to.include('import ');
  });

  for (const path of [
    '/console/nothing.js',
    '/console/',
    '/console/page.ts',
    '/console/__proto__',
    '/console/..%2findex.html',
  ])
    it(`have nothing at ${path}`, async () => {
      const { status, json } = await get(path);
      expect([status, json['code']]).to.deep.equal([404, 'CONTROL_ROUTE_UNKNOWN']);
    });

  it('load the page when it is first asked for', async function () {
    this.timeout(20_000);
    const { stdout } = await promisify(execFile)(process.execPath, ['-r', 'ts-node/register', '-e', loading]);
    expect(JSON.parse(stdout)).to.deep.equal([false, false, true]);
  });
});

// In a process of its own: in this one, other specs have loaded it.
const loading = `
  const { startControl } = require('./test/fakes/control-stage.ts');
  const { ask } = require('./test/fakes/control-client.ts');
  const hasPage = () => Object.keys(require.cache).some((path) => path.includes('console-page'));
  void (async () => {
    const { port, plane } = await startControl();
    const seen = [hasPage()];
    for (const path of ['/workers', '/']) {
      await ask(port, { path });
      seen.push(hasPage());
    }
    console.log(JSON.stringify(seen));
    await plane.stop();
  })();
`;
