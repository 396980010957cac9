import { expect } from 'chai';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Program } from '../support/child-process.js';

const fixture = 'test/process/fixtures/scripted.ts';

/** A program that takes the place of `systemd-notify`, and writes down what it is told: a line for each call. */
const fake = `#!/bin/sh
printf '%s|' "$@" >> "$TOLD"
printf '\\n' >> "$TOLD"
`;

describe('an application that is started by systemd', function () {
  this.timeout(60_000);
  let folder: string;
  let told: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'plba-systemd-'));
    told = join(folder, 'told');
    writeFileSync(join(folder, 'systemd-notify'), fake);
    chmodSync(join(folder, 'systemd-notify'), 0o755);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function start(env: Readonly<Record<string, string | undefined>>, args: readonly string[] = []): Program {
    const path = `${folder}${delimiter}${process.env['PATH'] ?? ''}`;
    return new Program(fixture, { args, env: { NOTIFY_SOCKET: '/run/nobody', TOLD: told, PATH: path, ...env } });
  }

  /** The calls so far, each as its assignments. */
  function calls(): string[][] {
    if (!existsSync(told)) return [];
    const lines = readFileSync(told, 'utf8').trim().split('\n');
    return lines.map((line) => line.split('|').filter(Boolean));
  }

  async function untilTold(what: string, times: number, program: Program): Promise<void> {
    const count = (): number => calls().filter((words) => words.includes(what)).length;
    while (count() < times) {
      expect(program.isOver, `${what} in:\n${JSON.stringify(calls())}\n${program.output()}`).to.equal(false);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  it('says that it is ready once all are up, that it stops before anybody is stopped, and how it is', async () => {
    await using program = start({ W1: 'ok', W2: 'start:slow@300ms', NEEDS: 'w2:w1' });
    await program.line('w1 started');
    await untilTold('READY=1', 1, program);
    expect(program.stderr).to.include('w2 started');
    program.kill('SIGTERM');
    expect(await program.ended).to.deep.equal({ code: 0, signal: null });
    await untilEnded(told);
    const all = calls();
    expect(all[0]).to.deep.equal(['STATUS=starting; workers: 2 created']);
    const ready = all.find((words) => words.includes('READY=1'));
    expect(ready?.join()).to.match(/STATUS=running, (ok|degraded|unhealthy); workers: 2 running/);
    const stopping = all.find((words) => words.includes('STOPPING=1'));
    expect(stopping).to.include('STATUS=stopping; workers: 2 running');
    expect(all.flat()).not.to.include('WATCHDOG=1');
  });

  it('gives a sign of life twice as often as it has to', async () => {
    await using program = start({ W1: 'ok', WATCHDOG_USEC: '400000' });
    await untilTold('WATCHDOG=1', 3, program);
    expect(calls().findIndex((words) => words.includes('READY=1'))).to.be.at.most(
      calls().findIndex((words) => words.includes('WATCHDOG=1')),
    );
    program.kill('SIGTERM');
    expect(await program.ended).to.deep.equal({ code: 0, signal: null });
  });

  it('gives none once a run makes no progress, and says so', async () => {
    const stuck = ['--set', 'plba.workers.w1.health.stuckAfter=500ms'];
    await using program = start({ W1: 'run:deaf', WATCHDOG_USEC: '200000' }, stuck);
    await program.line('work does not progress');
    const before = calls().filter((words) => words.includes('WATCHDOG=1')).length;
    expect(before).to.be.above(0);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(calls().filter((words) => words.includes('WATCHDOG=1'))).to.have.length(before);
  });

  it('leaves the watchdog alone that is for another process', async () => {
    await using program = start({ W1: 'ok', WATCHDOG_USEC: '100000', WATCHDOG_PID: '1' });
    await untilTold('READY=1', 1, program);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(calls().flat()).not.to.include('WATCHDOG=1');
  });

  it('says once that there is no systemd-notify, and goes on', async () => {
    await using program = start({ W1: 'ok', PATH: join(folder, 'empty'), WATCHDOG_USEC: '100000' });
    await program.line('w1 started');
    await program.line('systemd is told nothing: spawn systemd-notify ENOENT');
    await new Promise((resolve) => setTimeout(resolve, 400));
    program.kill('SIGTERM');
    expect(await program.ended).to.deep.equal({ code: 0, signal: null });
    expect(program.output().split('systemd is told nothing').length - 1).to.equal(1);
  });

  it('tells nobody where nobody wants to hear it', async () => {
    await using program = start({ W1: 'once', NOTIFY_SOCKET: undefined });
    expect(await program.ended).to.deep.equal({ code: 0, signal: null });
    expect(calls()).to.deep.equal([]);
  });
});

/** The process is gone, and what it has started last may still be writing. */
async function untilEnded(file: string): Promise<void> {
  const size = (): number => readFileSync(file, 'utf8').length;
  for (let before = -1; before !== size();) {
    before = size();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
