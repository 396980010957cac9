import { expect } from 'chai';
import { PlbaError } from '../../../src/errors.js';
import { checkGroupRules, groupsByRules, type GroupRules } from '../../../src/health/group-rules.js';
import { HealthService } from '../../../src/health/health-service.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import { fakeLogger } from '../../fakes/fake-logger.js';
import { FakeContributor } from './stage.js';

describe('rules about who is in a health group', () => {
  const table: [rule: string, rules: GroupRules, member: string, own: string[], groups: string[]][] = [
    ['without any, members are where they say', {}, 'ledger', ['ready'], ['ready']],
    ['take a member in', { storage: { include: ['ledger'] } }, 'ledger', ['ready'], ['ready', 'storage']],
    ['take nobody else in', { storage: { include: ['ledger'] } }, 'mail', ['ready'], ['ready']],
    ['leave a member out', { ready: { exclude: ['ledger'] } }, 'ledger', ['ready', 'storage'], ['storage']],
    ['take everybody in', { all: { include: ['*'] } }, 'mail', [], ['all']],
    ['but those left out', { all: { include: ['*'], exclude: ['mail'] } }, 'mail', [], []],
    ['leave everybody out', { ready: { exclude: ['*'] } }, 'mail', ['ready'], []],
    ['take nobody in twice', { ready: { include: ['mail'] } }, 'mail', ['ready'], ['ready']],
  ];
  for (const [rule, rules, member, own, groups] of table) {
    it(rule, () => {
      expect(groupsByRules(rules, member, own)).to.deep.equal(groups);
    });
  }

  const refused: [rule: string, rules: GroupRules, code: string, says: RegExp][] = [
    [
      'somebody unknown',
      { ready: { include: ['legder'] } },
      'HEALTH_MEMBER_UNKNOWN',
      /plba\.health\.groups\.ready.*"legder"/,
    ],
    ['somebody unknown left out', { ready: { exclude: ['x'] } }, 'HEALTH_MEMBER_UNKNOWN', /names "x"/],
    ['a contributor in live', { live: { include: ['ledger'] } }, 'HEALTH_GROUP_INVALID', /live takes in "ledger"/],
    ['everybody in live', { live: { include: ['*'] } }, 'HEALTH_GROUP_INVALID', /live takes in "\*"/],
    ['a group that could not stand in a route', { 'a/b': {} }, 'NAME_INVALID', /"a\/b"/],
    ['a group with the other name of startup', { started: {} }, 'HEALTH_GROUP_INVALID', /"started"/],
  ];
  for (const [rule, rules, code, says] of refused) {
    it(`refuse ${rule}`, () => {
      const check = (): void => {
        checkGroupRules(rules, ['sync'], ['ledger']);
      };
      expect(check).to.throw(PlbaError, says).with.property('code', code);
    });
  }

  it('may name everybody there is', () => {
    checkGroupRules({ live: { exclude: ['sync'] }, mail: { include: ['sync', 'ledger'] } }, ['sync'], ['ledger']);
  });

  it('decide what the groups of a service say', async () => {
    const clock = new VirtualClock();
    const service = new HealthService({
      clock,
      log: fakeLogger(),
      groups: {
        ready: { exclude: ['mailbox', 'extra'] },
        live: { exclude: ['extra'] },
        storage: { include: ['ledger', 'sync'] },
        empty: {},
      },
    });
    const unwell = {
      critical: true,
      health: () => ({ status: 'unhealthy' as const }),
      liveness: () => ({ status: 'unhealthy' as const }),
      stateHealth: () => undefined,
      stateChanges: () => 0,
      steadyUntil: () => Infinity,
    };
    const isWell = () => ({ status: 'ok' as const });
    service.addWorker('sync', { ...unwell, health: isWell, liveness: isWell });
    service.addWorker('extra', unwell);
    service.addContributor({ name: 'ledger' }, new FakeContributor());
    const mailbox = new FakeContributor();
    mailbox.answer = 'unhealthy';
    service.addContributor({ name: 'mailbox' }, mailbox);
    service.start();
    await clock.advance(0);
    service.setPhase('running');
    const seen = Object.fromEntries(
      [undefined, ...service.groups()].map((group) => {
        const { status, workers, contributors } = service.report(group)!;
        return [group ?? 'whole', [status, ...Object.keys(workers), ...Object.keys(contributors)].join(' ')];
      }),
    );
    service.stop();
    expect(seen).to.deep.equal({
      whole: 'unhealthy sync extra ledger mailbox',
      live: 'ok sync',
      ready: 'ok sync ledger',
      startup: 'ok',
      storage: 'ok sync ledger',
      empty: 'ok',
    });
  });
});
