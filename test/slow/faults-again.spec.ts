import { cases as allCases } from '../process/fixtures/cases.js';
import { Program } from '../support/child-process.js';
import { CompiledFixture } from '../support/compiled-fixture.js';
import { play, settingsOf } from '../support/fixture-case.js';
import { inLanes, repetitions } from '../support/repetitions.js';

/** Processes at a time: many rows wait more than they work. */
const lanes = 8;

/** Only those rows whose fault has this in its name. */
const asked = process.env['PLBA_TEST_ROWS'] ?? '';
const cases = allCases.filter(({ what }) => what.includes(asked));

describe('the table of faults, again and again, on the build', function () {
  const rounds = repetitions(20);
  this.timeout(30_000 * rounds);
  const fixture = new CompiledFixture('test/process/fixtures/scripted.ts');
  /** For each row, its rounds so far. */
  const played = new Map(cases.map((row) => [row, [] as Promise<void>[]]));
  let all: Promise<void>;

  before(() => {
    // Row after row in each round, so that those that wait and those that work meet.
    const tasks = Array.from({ length: rounds }, () => cases).flat();
    all = inLanes(
      lanes,
      tasks.map((row) => () => {
        const round = playOnce(row);
        played.get(row)?.push(round);
        return round.catch(() => undefined); // the test of the row looks at it
      }),
    );
  });

  after(() => {
    fixture[Symbol.dispose]();
  });

  async function playOnce(row: (typeof cases)[number]): Promise<void> {
    await using program = new Program(fixture.file, settingsOf(row));
    await play(program, row);
  }

  for (const row of cases) {
    it(`is green ${rounds} times in a row: exit code ${row.code} after ${row.what}`, async () => {
      await all;
      for (const [round, end] of (played.get(row) ?? []).entries()) {
        await end.catch((error: unknown) => {
          throw new Error(`round ${round + 1} of ${rounds}: ${String(error)}`, { cause: error });
        });
      }
    });
  }
});
