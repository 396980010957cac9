import { expect } from 'chai';
import { execFile } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Program } from '../support/child-process.js';

const root = process.cwd();
const runFile = promisify(execFile);

/** A new application as its users get it: made by the packed package, with nothing near it but what its manifest names. */
describe('a new application', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'plba-new-'));
  const modules = join(folder, 'node_modules');
  const application = join(folder, 'order-intake');

  before(async () => {
    mkdirSync(join(modules, '.bin'), { recursive: true });
    await npm(root, 'pack', '--silent', '--ignore-scripts', '--pack-destination', folder);
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
    await runFile('tar', ['-xzf', tarball, '-C', modules], { cwd: folder });
    await runFile('mv', ['package', 'plba'], { cwd: modules });
    const main = join(modules, 'plba', 'dist', 'cli', 'main.js');
    for (const name of namesIn(join(modules, 'plba'), 'dependencies', 'peerDependencies')) link(name);
    await runFile(process.execPath, [main, 'new', application]);
    for (const name of namesIn(application, 'dependencies', 'devDependencies')) if (name !== 'plba') link(name);
    for (const name of ['tsc', 'mocha', 'ts-node'])
      symlinkSync(join(root, 'node_modules', '.bin', name), join(modules, '.bin', name));
    chmodSync(main, 0o755);
    symlinkSync(main, join(modules, '.bin', 'plba'));
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('compiles and tests green at once', async () => {
    const { stdout } = await npm(application, 'test');
    expect(stdout)
      .to.match(/\d+ passing/)
      .and.not.contain('failing');
  });

  it('is valid, and looked at without being started', async () => {
    const { stdout } = await npm(application, 'run', 'check');
    expect(stdout).to.contain('order-intake: configuration and wiring are valid');
    const { stdout: graph } = await plba('graph', 'src/main.ts');
    expect(graph).to.contain('["inbox<br/>every 5s"]');
    const { stdout: schedule } = await plba('schedule', 'src/main.ts', '--count', '1', '--from', '2027-01-01');
    expect(schedule).to.match(/^inbox +every 5s +Fri 2027-01-01 00:00:05 \+00:00 +UTC/m);
  });

  it('runs from its sources and as a build, does its work, and stops on Ctrl-C', async () => {
    await npm(application, 'run', 'build');
    for (const [main, file] of [
      ['src/main.ts', 'a.txt'],
      ['dist/main.js', 'b.txt'],
    ] as const) {
      mkdirSync(join(application, 'inbox'), { recursive: true });
      writeFileSync(join(application, 'inbox', file), 'an order');
      const env = { XDG_RUNTIME_DIR: folder, TS_NODE_TRANSPILE_ONLY: undefined };
      const args = ['--set', 'plba.workers.inbox.trigger.every=200ms'];
      await using program = new Program(main, { args, env, cwd: application });
      await program.line('order-intake is up: 1 worker ready');
      await program.line('files have been taken');
      expect((await plba('health')).stdout).to.match(/^ok$/m);
      program.kill('SIGINT');
      expect(await program.ended).to.deep.equal({ code: 0, signal: null });
      expect(readdirSync(join(application, 'inbox', 'done'))).to.include(file);
    }
  });

  function link(name: string): void {
    const target = join(modules, name);
    mkdirSync(dirname(target), { recursive: true });
    rmSync(target, { force: true });
    symlinkSync(join(root, 'node_modules', name), target, 'junction');
  }

  function plba(...args: string[]): Promise<{ stdout: string }> {
    const env = { ...process.env, XDG_RUNTIME_DIR: folder };
    return runFile(join(modules, '.bin', 'plba'), args, { cwd: application, env });
  }
});

function namesIn(folder: string, ...kinds: readonly string[]): string[] {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, object | undefined>;
  return kinds.flatMap((kind) => Object.keys(manifest[kind] ?? {}));
}

function npm(cwd: string, ...args: string[]): Promise<{ stdout: string }> {
  const cli = process.env['npm_execpath'];
  return cli === undefined ? runFile('npm', args, { cwd }) : runFile(process.execPath, [cli, ...args], { cwd });
}
