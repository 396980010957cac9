import { expect } from 'chai';
import type { Newable } from 'inversify';
import {
  blocked,
  continuously,
  cron,
  every,
  failed,
  idle,
  once,
  partial,
  RoutineWorker,
  worked,
  worker,
  type ApplicationModule,
  type Outcome,
  type RunContext,
  type Trigger,
} from 'plba';
import { testApplication } from 'plba/testing';
import { moduleOf } from '../../support/modules.js';

const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'];

/** Twenty workers: pollers, syncs with jitter, calendars of three zones, continuous ones, and one that runs once. */
const triggers: readonly Trigger[] = [
  ...[15, 30, 60, 120, 240, 360].map((minutes) => every(`${minutes}m`)),
  ...[20, 60, 180].map((minutes) => every(`${minutes}m`, { jitter: 0.2 })),
  ...zones.flatMap((timezone) => [
    cron('30 2 * * *', { timezone }),
    cron('0 8 * * 1-5', { timezone }),
    cron('15 * * * *', { timezone }),
  ]),
  continuously({ idle: '30m' }),
  once(),
];

const week = ((): Newable<ApplicationModule> => {
  const workers = triggers.map((trigger, index) => {
    @worker({ name: `w${index}`, trigger, ledger: 2_000, retry: { initial: '1m' }, critical: false })
    class Worked extends RoutineWorker {
      private runs = 0;
      protected override async run(run: RunContext): Promise<Outcome> {
        await run.sleep((index * 7_000) % 60_000);
        switch (++this.runs % 25) {
          case 7:
            return blocked('the partner is closed');
          case 13:
            return failed(new Error('503'));
          case 19:
            return partial({ done: 9, rejected: 1, reason: 'no price' });
          default:
            return run.trigger === 'continuously' ? idle() : worked({ items: index });
        }
      }
    }
    return Worked;
  });
  return moduleOf('week', (module) => {
    for (const each of workers) module.worker(each);
  });
})();

interface Week {
  readonly runs: number;
  /** All ledgers as text. */
  readonly ledgers: string;
}

async function liveThroughAWeek(): Promise<Week> {
  await using app = await testApplication(week).at('2026-03-27T00:00:00Z').start();
  await app.advance('168h');
  const records = triggers.map((_, index) => app.ledger(`w${index}`));
  return { runs: records.flat().length, ledgers: JSON.stringify(records) };
}

describe('a week of twenty workers on mixed triggers', function () {
  this.timeout(120_000);
  const weeks: Week[] = [];

  before(async () => {
    for (let attempt = 0; attempt < 2; attempt++) weeks.push(await liveThroughAWeek());
  });

  it('is lived through run by run', () => {
    expect(triggers).to.have.length(20);
    expect(weeks[0]?.runs).to.be.above(3_000);
  });

  it('leaves the same ledger each time', () => {
    expect(new Set(weeks.map(({ ledgers }) => ledgers))).to.have.property('size', 1);
  });
});

describe('a calendar across a change of daylight-saving time', () => {
  /** When a time of day comes in a zone on three days around a change, in the zone's own words. */
  const changes: readonly (readonly [
    rule: string,
    timezone: string,
    expression: string,
    at: string,
    fires: string[],
  ])[] = [
    [
      'Berlin, into summer: 02:30 does not exist on the 29th, and comes at 03:00',
      'Europe/Berlin',
      '30 2 * * *',
      '2026-03-27T12:00:00Z',
      ['2026-03-28T01:30:00.000Z', '2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z'],
    ],
    [
      'Berlin, out of summer: 02:30 happens twice on the 25th, and counts the first time',
      'Europe/Berlin',
      '30 2 * * *',
      '2026-10-23T12:00:00Z',
      ['2026-10-24T00:30:00.000Z', '2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z'],
    ],
    [
      'New York, into summer: 02:30 does not exist on the 8th, and comes at 03:00',
      'America/New_York',
      '30 2 * * *',
      '2026-03-06T12:00:00Z',
      ['2026-03-07T07:30:00.000Z', '2026-03-08T07:00:00.000Z', '2026-03-09T06:30:00.000Z'],
    ],
    [
      'New York, out of summer: 01:30 happens twice on the 1st',
      'America/New_York',
      '30 1 * * *',
      '2026-10-30T12:00:00Z',
      ['2026-10-31T05:30:00.000Z', '2026-11-01T05:30:00.000Z', '2026-11-02T06:30:00.000Z'],
    ],
    [
      'Lord Howe, into summer, by half an hour: 02:15 does not exist on the 4th of October, and comes at 02:30',
      'Australia/Lord_Howe',
      '15 2 * * *',
      '2026-10-02T12:00:00Z',
      ['2026-10-02T15:45:00.000Z', '2026-10-03T15:30:00.000Z', '2026-10-04T15:15:00.000Z'],
    ],
    [
      'Lord Howe, out of summer, by half an hour: 01:45 happens twice on the 5th of April',
      'Australia/Lord_Howe',
      '45 1 * * *',
      '2026-04-03T12:00:00Z',
      ['2026-04-03T14:45:00.000Z', '2026-04-04T14:45:00.000Z', '2026-04-05T15:15:00.000Z'],
    ],
  ];

  for (const [rule, timezone, expression, at, expected] of changes) {
    it(`is right to the minute: ${rule}`, async () => {
      @worker({ name: 'daily', trigger: cron(expression, { timezone }) })
      class Daily extends RoutineWorker {
        protected override run(): Promise<Outcome> {
          return Promise.resolve(idle());
        }
      }
      await using app = await testApplication(
        moduleOf('m', (module) => {
          module.worker(Daily);
        }),
      )
        .at(at)
        .start();
      await app.advance('72h');
      const runs = [...app.ledger('daily')].reverse();
      expect(runs.map(({ scheduledFor }) => scheduledFor?.toISOString())).to.deep.equal(expected);
      expect(runs.map(({ started }) => started.toISOString())).to.deep.equal(expected);
    });
  }
});
