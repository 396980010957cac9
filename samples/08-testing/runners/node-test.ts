// node -r ts-node/register --test samples/08-testing/runners/node-test.ts
import { describe, it } from 'node:test';
import { describeReminder } from './reminder-tests.js';

describeReminder({ describe, it });
