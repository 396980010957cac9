import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CompiledFixture } from '../support/compiled-fixture.js';
import { repetitions } from '../support/repetitions.js';

interface Remains {
  readonly grownBytes: number;
  /** Applications that were not collected. */
  readonly left: number;
  /** What keeps the process alive, and who listens to it. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

describe('an application that is started and stopped again and again in one process', function () {
  this.timeout(120_000);
  const cycles = 50 * repetitions(20);

  it(`leaves no application, no handle, no listener and less than 2 MB behind in ${cycles} cycles`, async () => {
    using fixture = new CompiledFixture('test/slow/fixtures/cycles.ts');
    // As many before as it takes the engine to have compiled nearly everything that is there to compile.
    const env = { ...process.env, WARM_UP: '500', CYCLES: String(cycles) };
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', fixture.file], { env });
    const remains = JSON.parse(stdout) as Remains;
    expect(remains.left).to.equal(0);
    expect(remains.after).to.deep.equal(remains.before);
    expect(remains.grownBytes).to.be.below(2_000_000);
  });
});
