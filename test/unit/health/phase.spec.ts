import { expect } from 'chai';
import { type HealthPhase, phaseVerdict } from '../../../src/health/phase.js';

describe('phaseVerdict', () => {
  const ok = { status: 'ok' };
  const members = undefined;
  const because = (phase: HealthPhase) => ({ status: 'unhealthy', reason: phase });
  const cases: [
    group: string | undefined,
    hasStarted: boolean,
    verdicts: [starting: unknown, running: unknown, stopping: unknown],
  ][] = [
    ['live', false, [ok, members, ok]],
    ['live', true, [ok, members, ok]],
    ['ready', false, [because('starting'), members, because('stopping')]],
    ['ready', true, [because('starting'), members, because('stopping')]],
    [undefined, false, [because('starting'), members, because('stopping')]],
    [undefined, true, [because('starting'), members, because('stopping')]],
    ['startup', false, [because('starting'), members, because('stopping')]],
    ['startup', true, [ok, ok, ok]],
    ['mail', false, [members, members, members]],
    ['mail', true, [members, members, members]],
  ];
  for (const [group, hasStarted, verdicts] of cases) {
    for (const [index, phase] of (['starting', 'running', 'stopping'] as const).entries()) {
      it(`of ${group ?? 'the whole'}, ${phase}, ${hasStarted ? 'started' : 'not started'}: ${JSON.stringify(verdicts[index] ?? 'members')}`, () => {
        expect(phaseVerdict(group, phase, hasStarted)).to.deep.equal(verdicts[index]);
      });
    }
  }
});
