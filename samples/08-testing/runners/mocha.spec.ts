// npx mocha samples/08-testing/runners/mocha.spec.ts
import { describeReminder } from './reminder-tests.js';

describeReminder({ describe, it });
