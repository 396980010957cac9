// Shows how a worker on a calendar is tested in milliseconds: runs the spec next to this file with mocha.
import Mocha from 'mocha';
import { join } from 'node:path';

const mocha = new Mocha();
mocha.addFile(join(__dirname, 'invoice-reminder.spec.ts'));
mocha.run((failures) => {
  process.exitCode = failures === 0 ? 0 : 1;
});
