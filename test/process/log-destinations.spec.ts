import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Program } from '../support/child-process.js';

interface Line {
  readonly n?: number;
  readonly msg: string;
  readonly stop?: unknown;
}

describe('an application that brings its own place for log lines', function () {
  this.timeout(60_000);

  for (const kind of ['pino.destination()', 'pino.transport()']) {
    it(`has every line there, scrubbed, up to the stop report, with ${kind}`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'plba-destination-'));
      const file = join(folder, 'log');
      try {
        await using program = new Program('test/process/fixtures/own-destination.ts', {
          env: { OWN_KIND: kind, OWN_FILE: file, PLBA__CONTROL__ENABLED: 'false' },
        });
        expect(await program.ended).to.deep.equal({ code: 0, signal: null });
        const text = readFileSync(file, 'utf8');
        const lines = text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as Line);
        const numbers = lines.flatMap(({ n }) => (n === undefined ? [] : [n]));
        expect(numbers).to.deep.equal(Array.from({ length: 1_000 }, (_, n) => n));
        expect(lines.find(({ n }) => n === 0)?.msg).to.equal('with ******');
        expect(text).not.to.include('a-key-that-stays-here');
        expect(lines.at(-1)).to.have.property('stop');
        expect(program.stdout).to.deep.equal([]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});
