import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { transpileModule, ModuleKind, ScriptTarget } from 'typescript';

const root = resolve(__dirname, '../..');
const chatty = `"${process.execPath}" -r ts-node/register/transpile-only test/process/fixtures/chatty.ts`;

interface Report {
  readonly called: number;
  /** Milliseconds by which the event loop was late at most, and in 99 of 100 cases. */
  readonly mostMs: number;
  readonly mostlyMs: number;
  readonly rss: number;
}

/** A shell command line with the chatty application somewhere in it, in a process group of its own. */
class Chatter implements AsyncDisposable {
  out = '';
  private err = '';
  private readonly child: ChildProcess;
  private readonly closed: Promise<unknown>;
  private onErr: () => void = () => undefined;

  constructor(command: string, env: Readonly<Record<string, string>> = {}, readsOutput = true) {
    this.child = spawn('bash', ['-c', command], {
      cwd: root,
      detached: true,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (readsOutput) this.child.stdout?.on('data', (chunk: Buffer) => (this.out += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.err += chunk.toString();
      this.onErr();
    });
    this.closed = once(this.child, 'exit');
  }

  /** The process of the application, once its worker runs. */
  async pid(): Promise<number> {
    return Number((await this.said(/^pid (\d+)$/m))[1]);
  }

  /** What it says about itself at its exit. */
  async report(): Promise<Report> {
    return JSON.parse((await this.said(/^\{"called.*$/m))[0]) as Report;
  }

  async ended(): Promise<void> {
    await this.closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      // The group, since a shell that is killed leaves its children.
      process.kill(-(this.child.pid ?? 0), 'SIGKILL');
    } catch {
      // It has ended already.
    }
    await this.closed;
  }

  private async said(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.err);
      if (found !== null) return found;
      if (this.child.exitCode !== null) throw new Error(`it ended without saying ${String(pattern)}: ${this.err}`);
      await Promise.race([new Promise<void>((wake) => (this.onErr = wake)), this.closed]);
    }
  }
}

const pause = (ms: number): Promise<void> => new Promise((wake) => setTimeout(wake, ms));

describe('an application whose log has no reader', function () {
  this.timeout(60_000);

  const sinks: [what: string, command: string, readsOutput?: boolean][] = [
    ['a full device', `exec ${chatty} > /dev/full`],
    ['a closed pipe', `${chatty} | head -n 1`],
    ['a reader that sleeps', `${chatty} | sleep 300`],
    ['a socket whose other end sleeps', `exec ${chatty}`, false],
  ];
  for (const [what, command, readsOutput] of sinks) {
    it(`goes on with ${what}: no exception, no delay, bounded memory, and SIGTERM still ends it in time`, async () => {
      await using chatter = new Chatter(command, {}, readsOutput);
      const pid = await chatter.pid();
      await pause(1_500);
      const orderedMs = Date.now();
      process.kill(pid, 'SIGTERM');
      const report = await chatter.report();
      // A second for the lines that wait, and half of one at the exit.
      expect(Date.now() - orderedMs).to.be.lessThan(5_000);
      expect(report.called).to.be.greaterThan(1_000);
      expect(report.mostlyMs).to.be.lessThan(50);
      expect(report.rss).to.be.lessThan(400 * 1024 * 1024);
    });
  }

  it('counts each line that a full disk costs, and says so when there is room again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plba-small-disk-'));
    const script = `set -e
      mount -t tmpfs -o size=16m none ${folder}
      head -c $((16 * 1024 * 1024 - 64 * 1024)) /dev/zero > ${folder}/filler
      ${chatty} > ${folder}/log & application=$!
      until [ "$(df --output=avail ${folder} | tail -n 1 | tr -d ' ')" = 0 ]; do sleep 0.05; done
      sleep 0.6
      rm ${folder}/filler
      wait $application
      cat ${folder}/log`;
    writeFileSync(`${folder}.sh`, script);
    try {
      // Who is not root gets a mount of his own in a namespace of his own.
      await using chatter = new Chatter(`exec unshare --mount --map-root-user bash ${folder}.sh`, {
        CHATTY_LINES: '20',
        CHATTY_LENGTH: '1000',
        CHATTY_RUNS: '300',
      });
      const { called } = await chatter.report();
      await chatter.ended();
      const lines = chatter.out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { n?: number; dropped?: number; droppedInAll?: number });
      const written = lines.filter(({ n }) => n !== undefined).length;
      const dropped = lines.reduce((sum, line) => sum + (line.dropped ?? 0), 0);
      expect(dropped).to.be.greaterThan(0);
      expect(written + dropped).to.equal(called);
      expect(lines.findLast(({ droppedInAll }) => droppedInAll !== undefined)?.droppedInAll).to.equal(dropped);
    } finally {
      rmSync(folder, { recursive: true });
      rmSync(`${folder}.sh`);
    }
  });
});

describe('the last line before an exit', function () {
  this.timeout(240_000);
  const times = Number(process.env['PLBA_TEST_EXITS'] ?? '15');
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'plba-last-line-'));
    mkdirSync(join(folder, 'logging'));
    for (const file of ['standard-output', 'output-descriptor', 'waiting-lines']) {
      const source = readFileSync(join(root, `src/logging/${file}.ts`), 'utf8');
      const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2023 };
      const { outputText } = transpileModule(source, { compilerOptions });
      writeFileSync(join(folder, 'logging', `${file}.js`), outputText);
    }
    const main = `const { StandardOutput } = require('./logging/standard-output.js');
      const output = new StandardOutput();
      for (let line = 0; line < 300; line++) output.write(JSON.stringify({ line, text: 'x'.repeat(500) }) + '\\n');
      if (process.argv[2] === 'throw') setImmediate(() => { throw new Error('the end'); });
      else process.exit(0);`;
    writeFileSync(join(folder, 'main.js'), main);
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  const lastLine = async (end: string, through: string): Promise<string | undefined> => {
    const child = spawn('bash', ['-c', `"${process.execPath}" main.js ${end} ${through}`], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    await once(child, 'close');
    return out.trimEnd().split('\n').at(-1);
  };

  for (const end of ['exit', 'throw']) {
    for (const through of ['| cat', '']) {
      it(`is there after ${end} in ${times} of ${times} runs, through a ${through === '' ? 'socket' : 'pipe'}`, async () => {
        let left = times;
        const oneAfterTheOther = async (): Promise<void> => {
          while (left-- > 0) expect(await lastLine(end, through)).to.match(/^\{"line":299,.*\}$/);
        };
        await Promise.all([oneAfterTheOther(), oneAfterTheOther()]);
      });
    }
  }
});
