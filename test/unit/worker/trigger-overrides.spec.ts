import { expect } from 'chai';
import type { TriggerSetting } from '../../../src/config/platform-settings.js';
import type { Trigger } from '../../../src/contracts/trigger.js';
import { effectiveOptions } from '../../../src/worker/effective-options.js';
import { continuously, cron, every, once } from '../../../src/worker/triggers.js';

describe('a trigger that configuration says', () => {
  const nightly = cron('0 2 * * *', { timezone: 'Europe/Berlin', overlap: 'queue-one', missed: 'run-once' });
  const often = every('5m', { jitter: 0.2, immediately: true });
  const table: [rule: string, declared: Trigger, setting: TriggerSetting, expected: Trigger][] = [
    [
      'keeps what else the code says of a calendar',
      nightly,
      { cron: '0 3 * * *' },
      cron('0 3 * * *', { timezone: 'Europe/Berlin', overlap: 'queue-one', missed: 'run-once' }),
    ],
    [
      'wins over each of it',
      nightly,
      { cron: '0 3 * * *', timezone: 'UTC', overlap: 'skip', missed: 'skip' },
      cron('0 3 * * *'),
    ],
    [
      'keeps what else the code says of a period',
      often,
      { every: '1m' },
      every('1m', { jitter: 0.2, immediately: true }),
    ],
    ['wins over that', often, { every: '1m', jitter: 0, immediately: false }, every('1m')],
    [
      'keeps the pause of one that goes on and on',
      continuously({ idle: '9s' }),
      { continuously: true },
      continuously({ idle: '9s' }),
    ],
    ['takes nothing from another kind', often, { cron: '0 3 * * *' }, cron('0 3 * * *')],
    ['takes nothing where a word says all', often, 'continuously', continuously()],
    ['stands by itself where the code has none of that kind', once(), { every: '1m' }, every('1m')],
  ];
  for (const [rule, trigger, setting, expected] of table) {
    it(rule, () => {
      expect(effectiveOptions({ name: 'purge', trigger }, { trigger: setting }).trigger).to.deep.equal(expected);
    });
  }
});
