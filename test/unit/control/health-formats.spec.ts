import { expect } from 'chai';
import type { HealthReport, HealthStatus, MemberHealth } from '../../../src/contracts/health.js';
import { HealthAnswers } from '../../../src/control/health/health-answers.js';
import { askedFormat, presentIn } from '../../../src/control/health/health-formats.js';
import { jsonWriter } from '../../../src/control/json-text.js';

const at = new Date('2026-01-05T08:00:00Z');
const member = (status: HealthStatus, reason?: string): MemberHealth => ({
  status,
  raw: status,
  critical: true,
  ...(reason !== undefined && { reason }),
  since: at,
  checkedAt: at,
});
const report: HealthReport = {
  status: 'unhealthy',
  since: at,
  workers: { sync: member('ok') },
  contributors: { sync: member('degraded', 'slow'), ledger: member('unhealthy', 'refused') },
};
const plain = (value: object): unknown => JSON.parse(JSON.stringify(value));

describe('the format of an answer about health', () => {
  const asked: [query: string | undefined, accept: string | undefined, format: string | undefined][] = [
    [undefined, undefined, 'plba'],
    [undefined, '*/*', 'plba'],
    [undefined, 'application/json', 'plba'],
    [undefined, 'application/health+json', 'health+json'],
    [undefined, 'Application/Health+JSON', 'health+json'],
    [undefined, 'application/health+json, application/json', 'health+json'],
    [undefined, 'application/health+json;q=0.5, application/json', 'plba'],
    [undefined, 'application/json;q=0.2, application/health+json; q=0.5', 'health+json'],
    [undefined, 'application/health+json;q=0', 'plba'],
    [undefined, 'application/health+json;q=x', 'plba'],
    ['format=microprofile', undefined, 'microprofile'],
    ['x=1&format=microprofile', 'application/health+json', 'microprofile'],
    ['x=1', undefined, 'plba'],
    ['', undefined, 'plba'],
    ['format=xml', undefined, undefined],
    ['format=', undefined, undefined],
  ];
  for (const [query, accept, format] of asked) {
    it(`is ${String(format)} for the query ${String(query)} and Accept: ${String(accept)}`, () => {
      expect(askedFormat(query, accept)).to.equal(format);
    });
  }

  it('health+json says pass, warn and fail, by name', () => {
    expect(plain(presentIn('health+json', report, true, 0))).to.deep.equal({
      status: 'fail',
      checks: {
        sync: [
          { status: 'pass', time: '2026-01-05T08:00:00.000Z' },
          { status: 'warn', time: '2026-01-05T08:00:00.000Z', output: 'slow' },
        ],
        ledger: [{ status: 'fail', time: '2026-01-05T08:00:00.000Z', output: 'refused' }],
      },
    });
  });

  it('microprofile says UP and DOWN, and names the application where that is the cause', () => {
    expect(plain(presentIn('microprofile', { ...report, reason: 'stopping' }, true, 0))).to.deep.equal({
      status: 'DOWN',
      checks: [
        { name: 'application', status: 'DOWN', data: { reason: 'stopping' } },
        { name: 'sync', status: 'UP', data: { health: 'ok' } },
        { name: 'sync', status: 'UP', data: { health: 'degraded', reason: 'slow' } },
        { name: 'ledger', status: 'DOWN', data: { health: 'unhealthy', reason: 'refused' } },
      ],
    });
  });

  it('shows strangers the words only, in every format', () => {
    for (const format of ['plba', 'health+json', 'microprofile'] as const) {
      const text = JSON.stringify(presentIn(format, report, false, 0));
      expect(text, format).not.to.match(/slow|refused|checkedAt|time|data/);
    }
  });
});

describe('an answer to a probe', () => {
  const many = (count: number): HealthReport => ({
    status: 'unhealthy',
    since: at,
    workers: Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `worker-${index}`,
        member(index % 100 === 99 ? 'unhealthy' : index % 10 === 9 ? 'degraded' : 'ok', 'ü'.repeat(40)),
      ]),
    ),
    contributors: { ledger: member('unhealthy', 'refused') },
  });
  const answersOf = (shown: HealthReport) =>
    new HealthAnswers({ health: () => shown, onHealthChange: () => () => undefined }, jsonWriter(undefined));

  for (const group of ['live', 'ready', 'startup', 'started']) {
    for (const format of ['plba', 'health+json', 'microprofile'] as const) {
      for (const isDetailed of [true, false]) {
        it(`stays below 10 KiB with a thousand workers: ${group}, ${format}, ${isDetailed ? 'detailed' : 'brief'}`, () => {
          const { body, status } = answersOf(many(1_000)).answer(group, isDetailed, format)!;
          expect(status).to.equal(503);
          expect(body.length).to.be.within(7_000, 10_240);
          expect(body.toString()).to.include('ledger');
        });
      }
    }
  }

  it('shows the worst and says how many it leaves out', () => {
    const body = JSON.parse(answersOf(many(1_000)).answer('ready', true)!.body.toString()) as HealthReport & {
      omitted: number;
    };
    const shown = Object.values(body.workers);
    expect(shown.filter(({ status }) => status === 'unhealthy')).to.have.length(10);
    expect(shown.filter(({ status }) => status === 'ok')).to.deep.equal([]);
    expect(body.omitted + shown.length + Object.keys(body.contributors).length).to.equal(1_001);
  });

  it('leaves nobody out of what operators ask for', () => {
    const body = JSON.parse(answersOf(many(1_000)).answer('', true)!.body.toString()) as HealthReport;
    expect(Object.keys(body.workers)).to.have.length(1_000);
  });
});
