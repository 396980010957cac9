import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { CompiledFixture } from '../support/compiled-fixture.js';
import { inLanes, repetitions } from '../support/repetitions.js';

/** What the last line is, by how the application ends. */
const ends: Readonly<Record<string, RegExp>> = {
  'its work': /"stop":/,
  'process.exit()': /"n":299,/,
  'an exception': /"stop":/,
  SIGTERM: /"stop":/,
};
const times = Math.ceil(12.5 * repetitions(20));

describe('the last line of an application', function () {
  this.timeout(30_000 + 2_000 * times);
  const fixture = new CompiledFixture('test/slow/fixtures/last-words.ts');

  after(() => {
    fixture[Symbol.dispose]();
  });

  const outputOf = (end: string): Promise<string> =>
    new Promise((resolve) => {
      const env = { ...process.env, END: end, PLBA__CONTROL__ENABLED: 'false' };
      execFile(process.execPath, [fixture.file], { env, maxBuffer: 1e8 }, (_error, stdout) => {
        resolve(stdout);
      });
    });

  for (const [end, last] of Object.entries(ends)) {
    it(`is there in ${times} of ${times} runs that end by ${end}, with every line before it`, async () => {
      let complete = 0;
      const lost: string[] = [];
      const one = async (): Promise<void> => {
        const lines = (await outputOf(end)).trimEnd().split('\n');
        const numbered = lines.filter((line) => line.includes('"n":')).length;
        if (numbered === 300 && last.test(lines.at(-1) ?? '')) complete++;
        else lost.push(`${numbered} lines, the last one ${lines.at(-1)?.slice(0, 200) ?? 'none'}`);
      };
      await inLanes(4, Array<typeof one>(times).fill(one));
      expect(lost.join('\n')).to.equal('');
      expect(complete).to.equal(times);
    });
  }
});
