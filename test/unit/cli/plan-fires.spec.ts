import { expect } from 'chai';
import { continuously, cron, every, once, type Trigger } from 'plba';
import { nextClockChange } from '../../../src/cli/clock-changes.js';
import { planFires } from '../../../src/cli/plan-fires.js';
import { scheduleText } from '../../../src/cli/schedule-text.js';

function planned(trigger: Trigger, enabled = true) {
  return { name: 'sync', module: 'invoices', type: 'Sync', trigger, needs: [], critical: true, enabled };
}

async function fires(trigger: Trigger, from: string, count: number): Promise<string[]> {
  const plan = await planFires(planned(trigger), Date.parse(from), count);
  return plan.fires.map(({ local, note }) => (note === undefined ? local : `${local} (${note})`));
}

describe('the fires of a schedule', () => {
  it('are shown in its own time zone, and as instants', async () => {
    const plan = await planFires(
      planned(cron('0 8 * * 1', { timezone: 'Asia/Kathmandu' })),
      Date.parse('2026-11-28'),
      2,
    );
    expect(plan.fires).to.deep.equal([
      { at: new Date('2026-11-30T02:15:00Z'), local: 'Mon 2026-11-30 08:00:00 +05:45' },
      { at: new Date('2026-12-07T02:15:00Z'), local: 'Mon 2026-12-07 08:00:00 +05:45' },
    ]);
    expect(plan.timezone).to.equal('Asia/Kathmandu');
    expect(plan.aroundClockChange).to.deep.equal([]);
  });

  for (const [rule, trigger, from, expected] of [
    [
      'that the change in spring leaves out comes at the first minute that exists again',
      cron('30 2 * * *', { timezone: 'Europe/Berlin' }),
      '2027-03-27T00:00:00Z',
      [
        'Sat 2027-03-27 02:30:00 +01:00',
        'Sun 2027-03-28 03:00:00 +02:00 (clocks went from 02:00 to 03:00)',
        'Mon 2027-03-29 02:30:00 +02:00',
      ],
    ],
    [
      'that comes twice in autumn is due the first time',
      cron('30 2 * * *', { timezone: 'Europe/Berlin' }),
      '2027-10-30T12:00:00Z',
      [
        'Sun 2027-10-31 02:30:00 +02:00',
        'Mon 2027-11-01 02:30:00 +01:00 (clocks went from 03:00 to 02:00)',
        'Tue 2027-11-02 02:30:00 +01:00',
      ],
    ],
    [
      'follows clocks that are changed by half an hour',
      cron('0 9 * * *', { timezone: 'Australia/Lord_Howe' }),
      '2027-04-03T00:00:00Z',
      [
        'Sun 2027-04-04 09:00:00 +10:30 (clocks went from 02:00 to 01:30)',
        'Mon 2027-04-05 09:00:00 +10:30',
        'Tue 2027-04-06 09:00:00 +10:30',
      ],
    ],
  ] as const)
    it(rule, async () => {
      const found = await fires(trigger, from, 3);
      // What is first has no fire before it that it could be compared with.
      expect(found.map((text, index) => (index === 0 ? text.split(' (')[0] : text))).to.deep.equal(
        expected.map((text, index) => (index === 0 ? text.split(' (')[0] : text)),
      );
    });

  it('are shown around the next change of the clocks, however far away that is', async () => {
    for (const [expression, around] of [
      ['30 2 * * *', ['2027-03-27 02:30:00 +01:00', '2027-03-28 03:00:00 +02:00', '2027-03-29 02:30:00 +02:00']],
      ['*/20 * * * *', ['2027-03-28 01:40:00 +01:00', '2027-03-28 03:00:00 +02:00', '2027-03-28 03:20:00 +02:00']],
      ['0 0 1 1 *', ['2027-01-01 00:00:00 +01:00', '2028-01-01 00:00:00 +01:00', '2029-01-01 00:00:00 +01:00']],
    ] as const) {
      const trigger = cron(expression, { timezone: 'Europe/Berlin' });
      const { aroundClockChange } = await planFires(planned(trigger), Date.parse('2026-11-28'), 1);
      expect(
        aroundClockChange.map(({ local }) => local.slice(4)),
        expression,
      ).to.deep.equal(around);
    }
  });

  it('of every are counted from the start, with what jitter adds', async () => {
    expect(await fires(every('90s'), '2027-01-01T00:00:00Z', 2)).to.deep.equal([
      'Fri 2027-01-01 00:01:30 +00:00',
      'Fri 2027-01-01 00:03:00 +00:00',
    ]);
    const soon = await planFires(planned(every('90s', { immediately: true, jitter: 0.1 })), 0, 1);
    expect(soon.fires[0]?.local).to.equal('Thu 1970-01-01 00:00:00 +00:00');
    expect(soon.note).to.equal('counted from the start, each up to 9s later');
  });

  it('of what has no times are said in words', async () => {
    for (const [trigger, isEnabled, note] of [
      [once(), true, /at the start/],
      [continuously({ idle: '5s' }), true, /run after run; 5s after/],
      [every('1s'), false, /disabled/],
    ] as const) {
      const plan = await planFires(planned(trigger, isEnabled), 0, 3);
      expect(plan.fires).to.deep.equal([]);
      expect(scheduleText([plan], undefined)).to.match(note);
    }
  });

  it('are as rare as the expression says', async () => {
    expect(await fires(cron('0 0 29 2 *'), '2027-01-01', 2)).to.deep.equal([
      'Tue 2028-02-29 00:00:00 +00:00',
      'Sun 2032-02-29 00:00:00 +00:00',
    ]);
  });
});

describe('the next change of the clocks', () => {
  it('is found to the minute, and not where there is none', () => {
    const from = Date.parse('2026-11-28');
    const at = (zone: string): string | undefined => {
      const change = nextClockChange(zone, from);
      return change && new Date(change.atMs).toISOString();
    };
    expect(at('Europe/Berlin')).to.equal('2027-03-28T01:00:00.000Z');
    expect(at('America/New_York')).to.equal('2027-03-14T07:00:00.000Z');
    expect(at('Australia/Lord_Howe')).to.equal('2027-04-03T15:00:00.000Z');
    expect(at('UTC')).to.be.undefined;
    expect(at('Asia/Tokyo')).to.be.undefined;
  });
});
