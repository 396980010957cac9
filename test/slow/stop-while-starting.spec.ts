import { expect } from 'chai';
import { chanceSeed, seededRandom } from '../../src/testing/seeded-random.js';
import { Program } from '../support/child-process.js';
import { CompiledFixture } from '../support/compiled-fixture.js';
import { inLanes, repetitions } from '../support/repetitions.js';

/** A start that takes a while, in which everything happens: workers that are up, on their way, and waiting for others. */
const env = {
  W1: 'ok',
  W2: 'start:slow@60ms',
  W3: 'ok',
  W4: 'start:slow@90ms',
  W5: 'ok',
  NEEDS: 'w2:w1,w3:w2,w4:w2,w5:w4',
};
/** From the first line of the program; the start is over by then. */
const longestDelayMs = 500;

const seed = Number(process.env['PLBA_TEST_SEED'] ?? chanceSeed());
const times = 10 * repetitions(20);

describe('SIGTERM at any moment of the start', function () {
  this.timeout(60_000 + 2_000 * times);

  it(`is one shutdown, stops nobody twice and ends with exit code 0, ${times} times (PLBA_TEST_SEED=${seed})`, async () => {
    using fixture = new CompiledFixture('test/process/fixtures/scripted.ts');
    const random = seededRandom(seed);
    const moments = Array.from({ length: times }, () => random() * longestDelayMs);
    const failures: string[] = [];
    /** How many workers had started. */
    const startedCounts = new Set<number>();
    await inLanes(
      4,
      moments.map((delayMs, round) => async () => {
        try {
          startedCounts.add(await stopAfter(fixture.file, delayMs));
        } catch (error) {
          failures.push(`round ${round + 1}, after ${delayMs} ms: ${String(error)}`);
        }
      }),
    );
    expect(failures.join('\n\n')).to.equal('');
    // The moments were such that it came before the first worker was up, and after.
    if (times >= 100) expect(startedCounts).to.include(0).and.to.have.property('size').above(1);
  });
});

async function stopAfter(file: string, delayMs: number): Promise<number> {
  await using program = new Program(file, { env });
  await program.line('scripted begins');
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  program.kill('SIGTERM');
  const end = await program.ended;
  const output = program.output();
  expect(end, output).to.deep.equal({ code: 0, signal: null });
  const reports = program.lines.filter((line) => 'stop' in line);
  expect(reports, output).to.have.length(1);
  expect(output.split('stopping: SIGTERM').length - 1, output).to.be.at.most(1);
  const started = namesIn(program, /^(\w+) started$/);
  const stopped = namesIn(program, /^(\w+) told to stop/);
  expect(stopped.sort(), output).to.deep.equal(started.sort());
  return started.length;
}

function namesIn(program: Program, pattern: RegExp): string[] {
  return program.stderr.flatMap((line) => pattern.exec(line)?.[1] ?? []);
}
