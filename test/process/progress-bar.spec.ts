import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { Program } from '../support/child-process.js';
import { Screen } from '../support/screen.js';

const fixture = join(__dirname, 'fixtures', 'importing.ts');
const hasScript = /util-linux/.test(String(spawnSync('script', ['--version']).stdout));

/** What the application writes to a terminal of its own. */
async function onTerminal(env: Record<string, string> = {}): Promise<string> {
  const tsNode = join('node_modules', 'ts-node', 'dist', 'bin.js');
  const command = `stty cols 120; exec ${process.execPath} ${tsNode} ${fixture}`;
  const { stdout } = await promisify(execFile)('script', ['-qec', command, '/dev/null'], {
    env: { ...process.env, NO_COLOR: '1', TERM: 'xterm', PLBA__CONTROL__ENABLED: 'false', ...env },
  });
  return stdout;
}

describe('an application that somebody sits in front of', function () {
  this.timeout(60_000);

  describe('on a terminal', () => {
    before(function () {
      // Pending: `script` of util-linux, which makes a terminal, is not installed.
      if (!hasScript) this.skip();
    });

    it('shows a bar for each run, with pace and time left, below whole log lines', async () => {
      const raw = await onTerminal();
      expect(raw).to.match(/invoices \[=+-+\] +\d+% \d+\/20 [\d.]+\/s \d[\w. ]* left: file \d+\.xml/);
      expect(raw).to.match(/partners \d+ done [\d.]+\/s/);
      const screen = new Screen();
      screen.write(raw);
      const said = screen.lines.filter((line) => line.includes('still importing'));
      expect(
        said.map((line) => /^\[[\d:.]+\] INFO \(invoices\): still importing .*"done":(\d+)\}$/.exec(line)?.[1]),
      ).to.deep.equal(['5', '10', '15', '20']);
      // What stays of the bars is how the runs ended.
      const ends = screen.lines.filter((line) => /^(invoices|partners) /.test(line));
      expect(ends).to.have.length(2);
      expect(ends.join('\n')).to.match(/100% 20\/20 [\d.]+\/s worked: file 20.xml\\u001b\[31m/);
      expect(ends.join('\n')).to.match(/partners 10 done [\d.]+\/s partial/);
    });

    it('shows none between lines of JSON', async () => {
      const raw = await onTerminal({ PLBA__LOGGING__PRETTY: 'false' });
      const lines = raw.trimEnd().split('\r\n');
      const json = lines.filter((line) => line.startsWith('{'));
      for (const line of json) JSON.parse(line);
      expect(json.length).to.be.greaterThan(4);
      expect(raw).not.to.match(/\[=+-*\]|% \d+\/20/);
    });
  });

  it('writes nothing but JSON where there is no terminal', async () => {
    await using program = new Program(fixture);
    expect(await program.ended).to.include({ code: 0 });
    expect(program.lines).to.have.length(program.stdout.length);
    expect(program.stderr).to.deep.equal([]);
  });
});
