import { Program } from '../support/child-process.js';
import { play, settingsOf } from '../support/fixture-case.js';
import { cases } from './fixtures/cases.js';

describe('an application as a process, for each fault', function () {
  this.timeout(60_000);

  for (const row of cases) {
    it(`ends with exit code ${row.code} after ${row.what}`, async () => {
      await using program = new Program('test/process/fixtures/scripted.ts', settingsOf(row));
      await play(program, row);
    });
  }
});
