import { expect } from 'chai';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ControlStage, startControl } from '../fakes/control-stage.js';
import { workerReport } from '../fakes/fake-operator-view.js';
import { ctrlC, hasTerminal, onTerminal } from './fixtures/terminal.js';

const clearScreen = '\u001b[H\u001b[J';
const reason = `5 runs blocked or failed in a row: ${'the ledger says no, '.repeat(4)}and that is that`;

describe('the command line on a terminal', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'plba-terminal-'));
  let stage: ControlStage;

  before(async function () {
    // Pending: `script` of util-linux, which makes a terminal, is not installed.
    if (!hasTerminal) this.skip();
    stage = await startControl({ socketPaths: [join(folder, 'invoices.sock')] });
    stage.view.reports[1] = { ...workerReport('report'), health: { status: 'degraded', reason } };
  });

  after(async () => {
    if (hasTerminal) await stage.plane.stop();
    rmSync(folder, { recursive: true });
  });

  /** Types a command on a terminal of so many columns, and Ctrl-C once `until` has come; answers what was written. */
  async function type(command: string, columns: number, until?: string): Promise<string> {
    const program = [
      process.execPath,
      join('node_modules', 'ts-node', 'dist', 'bin.js'),
      join('src', 'cli', 'main.ts'),
    ];
    const line = `${program.join(' ')} --socket ${join(folder, 'invoices.sock')} ${command}`;
    const terminal = onTerminal(columns, line, { TS_NODE_TRANSPILE_ONLY: 'true' });
    let written = '';
    terminal.stdout.on('data', (chunk: Buffer) => {
      written += chunk.toString();
      if (until === undefined || !written.includes(until)) return;
      until = undefined;
      terminal.stdin.write(ctrlC);
    });
    await once(terminal, 'close');
    return written.replaceAll('\r\n', '\n');
  }

  for (const columns of [80, 200]) {
    it(`cuts its tables to ${columns} columns, and no more than that`, async () => {
      const lines = (await type('workers', columns)).trimEnd().split('\n');
      expect(lines).to.have.length(4);
      expect(lines[0]).to.match(/^WORKER +STATE +HEALTH +LAST RUN +NEXT \(UTC\) +RESTARTS +REASON$/);
      expect(lines[2]).to.match(columns === 80 ? /^report .*…$/ : /^report .*and that is that$/);
      for (const line of lines) expect(Array.from(line).length).to.be.at.most(columns);
      expect(lines[3]).to.equal('exit code 0');
    });

    it(`draws plba top on ${columns} columns of a cleared screen, until Ctrl-C`, async () => {
      const [, ...screens] = (await type('top', columns, 'up ')).split(clearScreen);
      const lines = (screens[0] ?? '').split('\n');
      expect(lines[0]).to.match(/^invoices running, ok, up /);
      expect(lines[2]).to.match(/^WORKER +STATE/);
      expect(lines[4]).to.match(columns === 80 ? /^report .*…$/ : /^report .*and that is that$/);
      for (const line of lines) expect(Array.from(line).length).to.be.at.most(columns);
      expect(screens.at(-1)?.trimEnd()).to.match(/exit code 0$/);
    });
  }
});
