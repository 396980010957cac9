import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';

const root = resolve(__dirname, '../..');

/** Runs a script against the logging room in a process of its own. `use` is given the child as soon as it runs. */
async function run(
  script: string,
  use: (child: ReturnType<typeof start>) => void = () => undefined,
): Promise<{ code: number | null; out: string; err: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'plba-log-'));
  const file = join(folder, 'main.cjs');
  const logging = join(root, 'src/logging/logging.ts');
  writeFileSync(
    file,
    `const { createLogging } = require(${JSON.stringify(logging)});
     createLogging({ application: 'app' }).then(async (logging) => { const log = logging.logger('x'); ${script} });`,
  );
  try {
    const child = start(file);
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    use(child);
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, out, err };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function start(file: string) {
  return spawn(process.execPath, ['-r', 'ts-node/register/transpile-only', file], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

describe('log lines on standard output', () => {
  it('are JSON, one by one, when standard output is no terminal', async () => {
    const { code, out, err } = await run(`log.info({ a: 1 }, 'one'); log.warn('two');`);
    expect({ code, err }).to.deep.equal({ code: 0, err: '' });
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { msg: string }).msg),
    ).to.deep.equal(['one', 'two']);
  }).timeout(20_000);

  it('are out when the process exits in the next statement', async () => {
    const { out } = await run(`for (let i = 0; i < 100; i++) log.info('line ' + i); process.exit(0);`);
    expect(out.trimEnd().split('\n')).to.have.length(100);
  }).timeout(20_000);

  it('are given up, not the process, when nobody reads any more', async () => {
    const { code, err } = await run(
      `let left = 200; const timer = setInterval(() => {
         for (let i = 0; i < 100; i++) log.info('x'.repeat(1000));
         if (--left === 0) { clearInterval(timer); logging.flush().then(() => process.stderr.write('survived')); }
       }, 1);`,
      (child) => child.stdout.once('data', () => child.stdout.destroy()),
    );
    expect({ code, err }).to.deep.equal({ code: 0, err: 'survived' });
  }).timeout(20_000);

  it('all arrive at a reader that is slow, also when something has made the pipe non-blocking', async () => {
    const { out, err } = await run(
      `process.stdout; for (let i = 0; i < 500; i++) log.info({ i }, 'x'.repeat(1000));
       await logging.flush(); process.stderr.write('flushed');`,
      (child) => {
        child.stdout.pause();
        setTimeout(() => child.stdout.resume(), 300);
      },
    );
    expect(err).to.equal('flushed');
    const indexes = out
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { i: number }).i);
    expect(indexes).to.deep.equal(Array.from({ length: 500 }, (_, i) => i));
  }).timeout(20_000);
});
