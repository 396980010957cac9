import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { expect } from 'chai';
import { ctrlC, hasTerminal, onTerminal } from './fixtures/terminal.js';

const fixture = join(__dirname, 'fixtures', 'scripted.ts');
const slowly = ['drain', 'abort'].map((rung) => `--set plba.workers.w2.stop.${rung}=20s`);

/** Runs the fixture on a terminal of its own, presses Ctrl-C after each of the texts has come, and answers what was written. */
async function press(env: Record<string, string>, args: string, after: readonly string[]): Promise<string[]> {
  const tsNode = join('node_modules', 'ts-node', 'dist', 'bin.js');
  const terminal = onTerminal(80, `${process.execPath} ${tsNode} ${fixture} ${args}`, {
    PLBA__CONTROL__ENABLED: 'false',
    ...env,
  });
  let written = '';
  const awaited = [...after];
  terminal.stdout.on('data', (chunk: Buffer) => {
    written += chunk.toString();
    if (awaited[0] === undefined || !written.includes(awaited[0])) return;
    awaited.shift();
    terminal.stdin.write(ctrlC);
  });
  await once(terminal, 'close');
  return written.trimEnd().split('\r\n');
}

describe('an application on a terminal, at Ctrl-C', function () {
  this.timeout(60_000);

  before(function () {
    // Pending: `script` of util-linux, which makes a terminal, is not installed.
    if (!hasTerminal) this.skip();
  });

  it('shows the stop report last, also when a worker hangs in its stop', async () => {
    const lines = await press({ W1: 'ok', W2: 'stop:hang' }, '', ['is up: 2 workers']);
    const report = lines.slice(
      lines.lastIndexOf(lines.filter((line) => line.startsWith('scripted stopped')).at(-1) ?? ''),
    );
    expect(report).to.have.length(4);
    expect(report[0]).to.match(/^scripted stopped: SIGINT \(exit code 4, \d+ ms\)$/);
    expect(report[1]).to.match(/^ {2}w2: abandoned after \d+ ms; still open: stop\(\) has not returned$/);
    expect(report[2]).to.match(/^ {2}w1: drained after \d+ ms$/);
    expect(report[3]).to.equal('exit code 4');
    for (const line of report) expect(line.length).to.be.at.most(80);
  });

  it('gives up a run that does not end when it is pressed again, and names it', async () => {
    const lines = await press({ W1: 'ok', W2: 'run:deaf' }, slowly[0] ?? '', [
      'w2 works',
      'Ctrl-C again to abort that',
    ]);
    const text = lines.join('\n');
    expect(text).to.include('still stopping, waiting for w2: Ctrl-C again to abort that');
    expect(text).to.include('SIGINT again: nothing drains any more');
    expect(text).to.match(/w2: abandoned after \d+ ms; still open: run \w+-0\n/);
    expect(text).to.include('would have kept the process alive, likely of worker "w2": timer');
    expect(lines.at(-1)).to.equal('exit code 4');
  });

  it('ends at once when it is pressed a third time, and says before whom', async () => {
    const after = ['w2 works', 'Ctrl-C again to abort that', 'w2 told to stop now'];
    const lines = await press({ W1: 'ok', W2: 'run:deaf' }, slowly.join(' '), after);
    expect(lines.at(-2)).to.match(
      /ERROR \(scripted\): SIGINT for the third time: the process ends before w2 has stopped$/,
    );
    expect(lines.at(-1)).to.equal('exit code 4');
  });
});

describe('an application whose terminal is closed', function () {
  this.timeout(60_000);

  before(function () {
    // Pending: `script` of util-linux, which makes a terminal, is not installed.
    if (!hasTerminal) this.skip();
  });

  let terminal: ChildProcess | undefined;
  let pid: number | undefined;

  // Not in the test itself: it may have run out of time, and then none of it goes on.
  afterEach(() => {
    terminal?.kill('SIGKILL');
    try {
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
    } catch {
      // It is over already.
    }
    pid = terminal = undefined;
  });

  /** Closes the terminal once the application is up, sends SIGTERM, and answers its exit code and what it has said past the terminal. */
  async function stopWithout(script: string): Promise<{ code: number; said: string }> {
    const tsNode = join('node_modules', 'ts-node', 'dist', 'bin.js');
    const application = `sh -c 'echo "pid $$" >&3; exec ${process.execPath} ${tsNode} ${fixture} --set plba.shutdown.timeout=1s'`;
    terminal = spawn('script', ['-qec', `trap : HUP; ${application}; echo "exit code $?" >&3`, '/dev/null'], {
      env: { ...process.env, SHELL: '/bin/sh', W1: script, PLBA__CONTROL__ENABLED: 'false' },
      stdio: ['pipe', 'pipe', 'ignore', 'pipe'],
    });
    let said = '';
    const teller = createInterface({ input: terminal.stdio[3] as Readable });
    teller.on('line', (line) => {
      said += `${line}\n`;
    });
    await once(teller, 'line');
    pid = Number(/^pid (\d+)\n$/.exec(said)?.[1]);
    let shown = '';
    terminal.stdout?.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
      if (shown.includes('is up: 1 worker')) terminal?.kill('SIGKILL');
    });
    await once(terminal, 'exit');
    process.kill(pid, 'SIGTERM');
    await once(teller, 'close');
    pid = undefined;
    return { code: Number(/exit code (\d+)\n$/.exec(said)?.[1]), said };
  }

  it('goes on, stops at SIGTERM, and ends with the exit code that it deserves', async () => {
    expect(await stopWithout('ok')).to.include({ code: 0 });
  });

  it('is ended by its exit watchdog as any other', async () => {
    expect(await stopWithout('stop:block')).to.include({ code: 4 });
    expect(await stopWithout('stop:spin')).to.include({ code: 4 });
  });

  // Whoever lets go of a descriptor frees its number for the next file that is opened, and what is logged would go there.
  it('keeps the descriptors of its terminal as long as a worker may open a file', async () => {
    const { code, said } = await stopWithout('stop:look');
    expect(said).to.match(/^standard output is \/dev\/pts\//m);
    expect(code).to.equal(0);
  });
});
