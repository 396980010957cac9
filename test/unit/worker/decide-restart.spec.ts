import { expect } from 'chai';
import type { RestartOptions } from '../../../src/contracts/worker-options.js';
import { decideRestart, type WorkerEnd } from '../../../src/worker/decide-restart.js';
import { effectiveOptions } from '../../../src/worker/effective-options.js';
import { RestartHistory } from '../../../src/worker/restart-history.js';

const policyOf = (restart: RestartOptions) => effectiveOptions({ name: 'w', restart }).restart;
const decide = (restart: RestartOptions, end: WorkerEnd, restartedAtMs: number[] = [], nowMs = 100_000) =>
  decideRestart(policyOf(restart), end, restartedAtMs, nowMs, () => 0);

describe('decideRestart', () => {
  const table: [on: RestartOptions['on'], end: WorkerEnd, decision: string][] = [
    ['never', 'completed', 'leave'],
    ['never', 'failed', 'escalate'],
    ['never', 'fatal', 'escalate'],
    ['failure', 'completed', 'leave'],
    ['failure', 'failed', 'restart'],
    ['failure', 'fatal', 'escalate'],
    ['exit', 'completed', 'restart'],
    ['exit', 'failed', 'restart'],
    ['exit', 'fatal', 'escalate'],
  ];
  for (const [on, end, decision] of table) {
    it(`with restart.on "${on ?? ''}", a worker that ${end === 'completed' ? 'completed' : `was ${end}`}: ${decision}`, () => {
      expect(decide({ on: on! }, end).kind).to.equal(decision);
    });
  }

  it('restarts max times within the window, then escalates', () => {
    const restartedAtMs = [61_000, 70_000, 80_000, 90_000];
    expect(decide({ max: 5, within: '1m' }, 'failed', restartedAtMs).kind).to.equal('restart');
    const decision = decide({ max: 5, within: '1m' }, 'failed', [...restartedAtMs, 95_000]);
    expect(decision).to.include({ kind: 'escalate' });
    expect(decision).to.have.property('reason').that.includes('5 times');
  });

  it('forgets what is older than the window', () => {
    expect(decide({ max: 1, within: '1m' }, 'failed', [40_000]).kind).to.equal('restart');
    expect(decide({ max: 1, within: '1m' }, 'failed', [40_001]).kind).to.equal('escalate');
  });

  it('never restarts with max 0', () => {
    expect(decide({ max: 0 }, 'failed').kind).to.equal('escalate');
  });

  it('waits longer for each restart within the window', () => {
    const waits = [[], [90_000], [90_000, 95_000], [90_000, 95_000, 99_000]].map((restarted) => {
      const decision = decide({ max: 9, backoff: { initial: '1s', max: '5s' } }, 'failed', restarted);
      return decision.kind === 'restart' ? decision.afterMs : undefined;
    });
    expect(waits).to.deep.equal([1_000, 2_000, 4_000, 5_000]);
  });
});

describe('RestartHistory', () => {
  it('counts every restart, and remembers only those within the window', () => {
    const history = new RestartHistory({ restart: policyOf({ max: 2, within: '10s' }) }, () => 0);
    for (const atMs of [0, 9_000]) history.add(atMs);
    expect(history.decide('failed', 9_500).kind).to.equal('escalate');
    expect(history.decide('failed', 10_500).kind).to.equal('restart');
    history.add(10_500);
    expect(history.count).to.equal(3);
    expect(history.decide('failed', 11_000).kind).to.equal('escalate');
  });
});
