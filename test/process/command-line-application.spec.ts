import { expect } from 'chai';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommandLine } from '../../src/cli/command-line.js';
import { Program } from '../support/child-process.js';

const file = join('test', 'process', 'fixtures', 'scripted.ts');

describe('an application at work, and its operator at a terminal', function () {
  this.timeout(120_000);
  const runtime = mkdtempSync(join(tmpdir(), 'plba-operator-'));

  after(() => {
    rmSync(runtime, { recursive: true });
  });

  it('is found without an address, shows who held its worker and why, and stops cleanly when told to', async () => {
    await using program = new Program(file, { env: { SCRIPT: 'a=ok', XDG_RUNTIME_DIR: runtime } });
    await program.line('a started');
    await until(async () => (await type('health')).code === 0);

    expect((await type('pause', 'a', '--reason', 'partner is down')).out).to.match(/^a +paused/m);
    expect(await type('health')).to.have.property('code', 1);
    expect((await type('audit')).out).to.match(/@socket +pause a +done +partner is down/);
    expect((await type('resume', 'a')).out).to.match(/^a +running/m);
    expect((await type('log-level', 'a', 'debug', '--for', '10m')).code).to.equal(0);
    expect((await type('loggers')).out).to.match(/^a +info +debug/m);

    const heard = type('events');
    await until(async () => (await type('runs', 'a', '--limit', '1', '--json')).out.includes('"idle"'));
    expect((await type('shutdown', '--reason', 'moving house')).code).to.equal(0);
    expect(await program.ended).to.deep.equal({ code: 0, signal: null });
    expect(program.output()).to.contain('moving house');
    expect((await heard).out)
      .to.contain('"to":"stopping"')
      .and.contain('"type":"audit"');
    expect(existsSync(join(runtime, 'plba', 'scripted.sock'))).to.be.false;
    expect(await type('status')).to.have.property('code', 4);
  });

  async function type(...args: string[]): Promise<{ code: number; out: string }> {
    let out = '';
    const code = await runCommandLine(args, {
      env: { XDG_RUNTIME_DIR: runtime },
      write: (text) => void (out += text),
      writeError: () => undefined,
      end: new AbortController().signal,
    });
    return { code, out };
  }
});

/** Asks again as long as it takes; the time of the test bounds it. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}
