import { expect } from 'chai';
import { healthFrom } from '../../../src/health/answer.js';

const same = (text: string): string => text;

describe('healthFrom', () => {
  for (const status of ['ok', 'degraded', 'unhealthy'] as const) {
    it(`takes the word ${status}, alone or in an object`, () => {
      expect(healthFrom(status, same)).to.deep.equal({ status });
      expect(healthFrom({ status }, same)).to.deep.equal({ status });
    });
  }

  it('takes reason, since and details', () => {
    const health = { status: 'degraded', reason: 'slow', since: new Date(5), details: { latencyMs: 900 } };
    expect(healthFrom(health, same)).to.deep.equal(health);
  });

  it('leaves what is no reason, no date and no details', () => {
    const health = { status: 'ok', reason: 7, since: new Date(NaN), details: 'x' };
    expect(healthFrom(health, same)).to.deep.equal({ status: 'ok' });
  });

  it('takes a copy: what happens to the answer later changes nothing', () => {
    const details = { queue: 1 };
    const health = healthFrom({ status: 'ok', details }, same);
    details.queue = 2;
    expect(health.details).to.deep.equal({ queue: 1 });
  });

  it('takes secrets out of the reason and the details', () => {
    const scrub = (text: string): string => text.replaceAll('s3cr3t', '******');
    const health = healthFrom({ status: 'degraded', reason: 's3cr3t', details: { a: ['s3cr3t'] } }, scrub);
    expect(health).to.deep.equal({ status: 'degraded', reason: '******', details: { a: ['******'] } });
  });

  it('keeps the size in bounds', () => {
    const details: Record<string, unknown> = Object.fromEntries(
      Array.from({ length: 1000 }, (_, i) => [`k${i}`, 'x'.repeat(5000)]),
    );
    details['self'] = details;
    const health = healthFrom({ status: 'ok', reason: 'y'.repeat(10_000), details }, same);
    expect(JSON.stringify(health)).to.have.length.below(60_000);
    expect(health.reason).to.have.length.below(600);
  });

  const trap = (): never => {
    throw new Error('trap');
  };
  const lies: [what: string, answer: unknown][] = [
    ['nothing', undefined],
    ['null', null],
    ['true', true],
    ['another word', 'UP'],
    ['a word in capitals', 'OK'],
    ['an object without a status', { healthy: true }],
    ['a status of another type', { status: ['ok'] }],
    ['an object that only looks like a status', new String('ok')],
    [
      'a status that throws',
      {
        get status() {
          return trap();
        },
      },
    ],
    ['a proxy that throws', new Proxy({}, { get: trap, ownKeys: trap, getPrototypeOf: trap })],
    ['a function', () => 'ok'],
    [
      'a cycle',
      (() => {
        const cycle: Record<string, unknown> = {};
        cycle['status'] = cycle;
        return cycle;
      })(),
    ],
  ];
  for (const [what, answer] of lies) {
    it(`is unhealthy and says so for ${what}`, () => {
      const health = healthFrom(answer, same);
      expect(health.status).to.equal('unhealthy');
      expect(health.reason).to.match(/^answered /);
    });
  }
});
