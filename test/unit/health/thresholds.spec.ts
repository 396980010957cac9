import { expect } from 'chai';
import fc from 'fast-check';
import type { Health, HealthStatus } from '../../../src/contracts/health.js';
import { type Thresholds, weigh, type Weighed } from '../../../src/health/thresholds.js';
import { HealthStage } from './stage.js';

const letters: Readonly<Record<string, HealthStatus>> = { o: 'ok', d: 'degraded', u: 'unhealthy' };

/** What is shown after each of the answers, as letters: `oud` is ok, unhealthy, degraded. */
function shown(answers: string, thresholds: Thresholds): string {
  let weighed: Weighed | undefined;
  return Array.from(answers)
    .map((letter) => {
      weighed = weigh(thresholds, weighed, { status: letters[letter] ?? 'ok', reason: `it is ${letter}` });
      return weighed.health.status[0];
    })
    .join('');
}

describe('thresholds of a health contributor', () => {
  const table: [rule: string, unhealthyAfter: number, recoverAfter: number, answers: string, shown: string][] = [
    ['without any, each answer counts as it is', 1, 1, 'oduoudo', 'oduoudo'],
    ['the first answer counts as it is', 3, 3, 'u', 'u'],
    ['a bad answer among good ones degrades', 3, 1, 'ouo', 'odo'],
    ['so many bad ones in a row are unhealthy', 3, 1, 'ouuuu', 'odduu'],
    ['a good one in between begins anew', 3, 1, 'ouuouuo', 'oddoddo'],
    ['a degraded one in between begins anew', 3, 1, 'ouuduuu', 'odddddu'],
    ['degraded is degraded at once', 3, 3, 'od', 'od'],
    ['one good answer recovers nothing yet', 1, 3, 'uoouo', 'uuuuu'],
    ['so many good ones in a row recover', 1, 3, 'uooo', 'uuuo'],
    ['also from degraded', 1, 2, 'odoo', 'oddo'],
    ['a bad one on the way begins anew', 1, 2, 'uouoo', 'uuuuo'],
    ['recovery is to what was answered last', 1, 2, 'udd', 'uud'],
    ['a status that alternates does not flap', 2, 2, 'ouououou', 'oddddddd'],
  ];
  for (const [rule, unhealthyAfter, recoverAfter, answers, expected] of table) {
    it(rule, () => {
      expect(shown(answers, { unhealthyAfter, recoverAfter })).to.equal(expected);
    });
  }

  it('never show a bad answer as ok, nor anything that nobody answered lately', () => {
    const answers = fc.string({ unit: fc.constantFrom('o', 'd', 'u'), minLength: 1, maxLength: 40 });
    const count = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(answers, count, count, (given, unhealthyAfter, recoverAfter) => {
        const seen = shown(given, { unhealthyAfter, recoverAfter });
        Array.from(given).forEach((answer, index) => {
          if (seen[index] === 'o') expect(answer).to.equal('o');
          const lastBad = given.slice(Math.max(0, index - unhealthyAfter + 1), index + 1);
          if (lastBad === 'u'.repeat(unhealthyAfter)) expect(seen[index]).to.equal('u');
          const lastGood = given.slice(Math.max(0, index - recoverAfter + 1), index + 1);
          if (lastGood === 'o'.repeat(recoverAfter)) expect(seen[index]).to.equal('o');
        });
      }),
    );
  });

  it('say how far it is, and why', () => {
    const thresholds = { unhealthyAfter: 3, recoverAfter: 2 };
    const reasons: (string | undefined)[] = [];
    let weighed: Weighed | undefined;
    const refused: Health = { status: 'unhealthy', reason: 'refused', details: { port: 1 } };
    for (const answer of [{ status: 'ok' } as const, refused, refused, refused, { status: 'ok' } as const]) {
      weighed = weigh(thresholds, weighed, answer);
      reasons.push(weighed.health.reason);
    }
    expect(reasons).to.deep.equal([
      undefined,
      '1 of 3 bad answers in a row: refused',
      '2 of 3 bad answers in a row: refused',
      'refused',
      '1 of 2 good answers in a row: refused',
    ]);
  });

  it('hold for what a contributor answers, throws, and does not answer', async () => {
    const stage = new HealthStage();
    const ledger = stage.contributor('ledger', { unhealthyAfter: 2, recoverAfter: 2 });
    await stage.run();
    const seen: string[] = [];
    const next = async (): Promise<void> => {
      await stage.clock.advance('10s');
      seen.push(stage.service.contributorHealth('ledger')?.status ?? '');
    };
    ledger.answer = new Error('refused');
    await next();
    ledger.hang();
    await stage.clock.advance('2s');
    await next();
    ledger.answer = 'ok';
    ledger.letGo();
    await next();
    await next();
    await next();
    expect(seen).to.deep.equal(['degraded', 'unhealthy', 'unhealthy', 'ok', 'ok']);
    stage.service.stop();
  });

  it('that are no whole numbers of 1 or more are refused', () => {
    for (const wrong of [{ unhealthyAfter: 0 }, { recoverAfter: 1.5 }, { recoverAfter: Number.NaN }]) {
      expect(() => new HealthStage().contributor('ledger', wrong)).to.throw(/of health contributor "ledger" is/);
    }
  });
});
