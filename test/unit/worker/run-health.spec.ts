import { expect } from 'chai';
import fc from 'fast-check';
import type { Outcome } from '../../../src/contracts/outcome.js';
import type { HealthPolicyOptions } from '../../../src/contracts/worker-options.js';
import { effectiveOptions } from '../../../src/worker/effective-options.js';
import { blocked, failed, fatal, idle, partial, worked } from '../../../src/worker/outcomes.js';
import {
  assessProgress,
  assessRuns,
  foldOutcome,
  freshStreak,
  progressSteadyUntil,
  steadyUntil,
  type RunFacts,
  type RunVerdict,
} from '../../../src/worker/run-health.js';

const policyOf = (health: HealthPolicyOptions) => effectiveOptions({ name: 'w', health }).health;
const rejecting = (rejected: number) => partial({ done: 10 - rejected, rejected, reason: 'bad lines' });
const nope = failed(new Error('nope'));
const away = blocked('bank away');

function judge(outcomes: readonly Outcome[], health: HealthPolicyOptions = {}) {
  const policy = policyOf(health);
  let ms = 0; // an outcome each millisecond
  return outcomes.reduce((streak, outcome) => foldOutcome(policy, streak, outcome, ++ms), freshStreak);
}

describe('the health that outcomes amount to', () => {
  const table: [rule: string, outcomes: Outcome[], status: string, health?: HealthPolicyOptions][] = [
    ['a worker that has not run is ok', [], 'ok'],
    ['worked and idle are successes', [worked(), idle()], 'ok'],
    ['one setback is none yet', [nope], 'ok'],
    ['two failed in a row degrade', [nope, nope], 'degraded'],
    ['two blocked in a row degrade', [away, away], 'degraded'],
    ['blocked and failed count together', [away, nope], 'degraded'],
    ['a success in between begins anew', [nope, worked(), nope], 'ok'],
    ['degradedAfter says how many', [nope], 'degraded', { degradedAfter: 1 }],
    ['five failed are unhealthy', [nope, nope, nope, nope, nope], 'unhealthy'],
    ['four are not', [nope, nope, nope, nope], 'degraded'],
    ['unhealthyAfter says how many', [nope], 'unhealthy', { unhealthyAfter: 1 }],
    ['blocked is never unhealthy, however often', Array<Outcome>(50).fill(away), 'degraded'],
    ['a blocked run does not forgive failed ones', [nope, nope, away, nope, nope, nope], 'unhealthy'],
    ['a success forgives them', [nope, nope, nope, nope, worked(), nope, nope], 'degraded'],
    ['an unhealthy worker that is blocked stays unhealthy', [nope, nope, nope, nope, nope, away], 'unhealthy'],
    ['fatal is unhealthy at once', [fatal('no such account')], 'unhealthy'],
    ['half of the items rejected is a success', [rejecting(5)], 'ok'],
    ['more than half degrade at once', [rejecting(6)], 'degraded'],
    ['rejectedRatio says how much', [rejecting(1)], 'degraded', { rejectedRatio: 0 }],
    ['nothing done and nothing rejected is a success', [partial({ done: 0, rejected: 0, reason: '' })], 'ok'],
    ['one success recovers', [nope, nope, nope, nope, nope, idle()], 'ok'],
    ['recoverAfter says how many', [nope, nope, worked(), worked()], 'degraded', { recoverAfter: 3 }],
    ['and then it has recovered', [nope, nope, worked(), worked(), worked()], 'ok', { recoverAfter: 3 }],
    ['a setback on the way begins anew', [nope, nope, worked(), away, worked()], 'degraded', { recoverAfter: 2 }],
  ];
  for (const [rule, outcomes, status, health] of table) {
    it(rule, () => {
      expect(judge(outcomes, health).status).to.equal(status);
    });
  }

  it('says how often and why', () => {
    expect(judge([away, nope]).reason).to.equal('2 runs blocked or failed in a row: nope');
    expect(judge([away], { degradedAfter: 1 }).reason).to.equal('1 run blocked or failed: bank away');
    expect(judge([nope, nope, away, nope, nope, nope]).reason).to.equal('5 runs failed since the last success: nope');
    expect(judge([rejecting(7)]).reason).to.equal('7 of 10 rejected: bad lines');
    expect(judge([fatal('gone')]).reason).to.equal('fatal: gone');
  });

  it('counts the setbacks directly before, for the next attempt and its backoff', () => {
    expect(judge([nope, away]).setbacks).to.equal(2);
    expect(judge([nope, away, rejecting(9)]).setbacks).to.equal(0);
    expect(judge([nope, worked()]).setbacks).to.equal(0);
  });

  it('keeps nothing of a worker that has nothing to recover from', () => {
    expect(judge([nope, nope, worked()])).to.equal(freshStreak);
  });
});

type Facts = { [K in keyof RunFacts]?: RunFacts[K] | undefined };

describe('assessRuns', () => {
  const facts: RunFacts = {
    streak: freshStreak,
    lastSuccessMs: 0,
    dueMs: Infinity,
    restingMs: 0,
    overdueAfterMs: 5_000,
  };
  const current = { id: 'r-1', aliveMs: 0 };
  const table: [rule: string, facts: Facts, health: HealthPolicyOptions, nowMs: number, status: string][] = [
    ['is ok when nothing is wrong', {}, {}, 9e9, 'ok'],
    ['a silent run is fine without stuckAfter', { current }, {}, 9e9, 'ok'],
    ['a run is not stuck while it is within stuckAfter', { current }, { stuckAfter: '1m' }, 60_000, 'ok'],
    ['a run without progress for longer is unhealthy', { current }, { stuckAfter: '1m' }, 60_001, 'unhealthy'],
    ['a run past its timeout is unhealthy', { current: { ...current, timedOutMs: 0 } }, {}, 1, 'unhealthy'],
    ['a success within staleAfter is fine', {}, { staleAfter: '1h' }, 3_600_000, 'ok'],
    ['no success for longer is unhealthy', {}, { staleAfter: '1h' }, 3_600_001, 'unhealthy'],
    ['a run that is only late is fine', { dueMs: 1_000 }, {}, 6_000, 'ok'],
    ['a run that is overdue degrades', { dueMs: 1_000 }, {}, 6_001, 'degraded'],
    ['a run that is twice as overdue is unhealthy', { dueMs: 1_000 }, {}, 11_001, 'unhealthy'],
    ['a silence in which nobody plans a run is fine for a moment', { dueMs: undefined }, {}, 5_000, 'ok'],
    ['a longer one degrades', { dueMs: undefined, restingMs: 10 }, {}, 5_011, 'degraded'],
    ['one that is twice as long is unhealthy', { dueMs: undefined }, {}, 10_001, 'unhealthy'],
    [
      'nobody plans runs for a worker that makes its own',
      { dueMs: undefined, overdueAfterMs: Infinity },
      {},
      9e9,
      'ok',
    ],
    ['nothing is overdue while a run is in progress', { dueMs: 1_000, current }, {}, 9e9, 'ok'],
  ];
  for (const [rule, more, health, nowMs, status] of table) {
    it(rule, () => {
      expect(assessRuns(policyOf(health), { ...facts, ...more } as RunFacts, nowMs).status).to.equal(status);
    });
  }

  const stale = policyOf({ staleAfter: '1m' });
  const minutes = 60_000;
  const unplanned: RunFacts = { streak: freshStreak, lastSuccessMs: 0, restingMs: 0, overdueAfterMs: 5_000 };
  const reasons: [rule: string, verdict: RunVerdict, reason: string | undefined, sinceMs: number | undefined][] = [
    ['nothing, when nothing is wrong', assessRuns(stale, facts, 1), undefined, undefined],
    [
      'for how long, the last error and how often, when there was no success for too long',
      assessRuns(
        stale,
        { ...facts, streak: judge(Array<Outcome>(6).fill(away)), lastProblem: 'ledger refused the connection' },
        14 * minutes,
      ),
      'no success for 14m, last error: ledger refused the connection, 6 runs in a row',
      minutes,
    ],
    [
      'that nothing ran at all',
      assessRuns(stale, facts, 2 * minutes),
      'no success for 2m, no run has ended since',
      minutes,
    ],
    [
      'which run is in progress meanwhile',
      assessRuns(stale, { ...facts, current }, 2 * minutes),
      'no success for 2m, run r-1 is in progress',
      minutes,
    ],
    [
      'how often it failed, and for how long there was no success',
      assessRuns(policyOf({}), { ...facts, streak: judge([nope, nope, nope]) }, 14 * minutes),
      'no success for 14m, 3 runs blocked or failed in a row: nope',
      2,
    ],
    [
      'which run is past its timeout',
      assessRuns(policyOf({}), { ...facts, current: { ...current, timedOutMs: 7 } }, 9),
      'run r-1 is past its timeout and does not end',
      7,
    ],
    [
      'how long ago a run was due',
      assessRuns(policyOf({}), { ...facts, dueMs: 1_000 }, 7_500),
      'a run was due 6.5s ago and did not happen',
      6_000,
    ],
    [
      'that nobody plans runs any more',
      assessRuns(policyOf({}), unplanned, 20_000),
      'no run for 20s, and none is planned: the schedule stands still',
      10_000,
    ],
  ];
  for (const [rule, verdict, reason, sinceMs] of reasons) {
    it(`says ${rule}, and since when`, () => {
      expect([verdict.reason, verdict.sinceMs]).to.deep.equal([reason, sinceMs]);
    });
  }

  it('counts since when from the outcome that changed the status', () => {
    expect(judge([nope, nope, nope, nope]).sinceMs).to.equal(2);
    expect(judge([nope, nope, nope, nope, nope]).sinceMs).to.equal(5);
  });

  it('prefers the worst: an unhealthy streak over an overdue run', () => {
    const streak = judge([nope, nope, nope, nope, nope]);
    expect(assessRuns(policyOf({}), { ...facts, streak, dueMs: 0 }, 6_000).status).to.equal('unhealthy');
  });

  it('judges progress alone for liveness', () => {
    const policy = policyOf({ stuckAfter: '1m', staleAfter: '1s' });
    expect(assessProgress(policy, current, 60_000).status).to.equal('ok');
    expect(assessProgress(policy, current, 60_001)).to.deep.equal({
      status: 'unhealthy',
      reason: 'run r-1 is stuck: no progress for 1m',
      sinceMs: 60_000,
    });
  });
});

describe('until when health stays as it is', () => {
  const soon = fc.integer({ min: 0, max: 1_000 });
  const perhaps = fc.option(soon, { nil: undefined });
  const situations = fc.record({
    stuckAfterMs: perhaps,
    staleAfterMs: perhaps,
    lastSuccessMs: soon,
    aliveMs: perhaps,
    dueMs: perhaps,
    restingMs: soon,
    overdueAfterMs: soon,
    nowMs: soon,
    laterMs: soon,
    beginsMs: soon,
    streak: fc.constantFrom(freshStreak, judge([nope]), judge([nope, nope])),
  });

  it('is never later than the first other answer, whether a run begins or ends meanwhile or not', () => {
    let held = 0;
    const property = fc.property(situations, (situation) => {
      const { stuckAfterMs, staleAfterMs, aliveMs, dueMs, nowMs, laterMs, beginsMs, ...rest } = situation;
      const policy = {
        ...policyOf({}),
        ...(stuckAfterMs !== undefined && { stuckAfterMs }),
        ...(staleAfterMs !== undefined && { staleAfterMs }),
      };
      const current = aliveMs === undefined ? undefined : { id: 'r-1', aliveMs: Math.min(aliveMs, nowMs) };
      const known: RunFacts = {
        ...rest,
        ...(current && { current }),
        ...(!current && dueMs !== undefined && { dueMs }),
      };
      const untilMs = steadyUntil(policy, known, nowMs);
      const atMs = nowMs + laterMs;
      if (atMs > untilMs || laterMs === 0) return;
      held++;
      expect(assessRuns(policy, known, atMs)).to.deep.equal(assessRuns(policy, known, nowMs));
      expect(progressSteadyUntil(policy, current, nowMs)).to.be.at.least(untilMs);
      if (nowMs + beginsMs > atMs) return;
      if (current !== undefined) {
        const ended: RunFacts = { ...rest, restingMs: nowMs + beginsMs };
        expect(assessRuns(policy, ended, atMs).status).to.equal('ok');
        return;
      }
      const begun: RunFacts = { ...rest, current: { id: 'r-2', aliveMs: nowMs + beginsMs } };
      expect(assessRuns(policy, begun, atMs).status).to.equal('ok');
    });
    fc.assert(property, { numRuns: 5_000 });
    expect(held).to.be.above(300);
  });

  it('is now for what is not well: it says for how long, and that is another answer all the time', () => {
    const facts = { streak: judge([nope, nope]), lastSuccessMs: 0, restingMs: 0, overdueAfterMs: Infinity };
    expect(steadyUntil(policyOf({}), facts, 7)).to.equal(7);
  });
});
