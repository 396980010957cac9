// npx vitest run --config samples/08-testing/runners/vitest.config.mts
import { describe, it } from 'vitest';
import { describeReminder } from './reminder-tests.js';

describeReminder({ describe, it });
