import { expect } from 'chai';
import type { HealthStatus } from '../../../src/contracts/health.js';
import { PlbaError } from '../../../src/errors.js';
import { HealthAnswers, wholeGroup } from '../../../src/control/health/health-answers.js';
import { HealthGroup } from '../../../src/health/health-group.js';
import { Member } from '../../../src/health/member.js';
import { healthStatuses } from '../../../src/health/status.js';
import { HealthStage } from './stage.js';

describe('the health of an application', () => {
  let stage: HealthStage;
  beforeEach(() => {
    stage = new HealthStage();
  });
  afterEach(() => {
    stage.service.stop();
    expect(stage.clock.pendingTimers(), 'timers left').to.deep.equal([]);
  });

  describe('through its life', () => {
    const probes = () =>
      ['live', 'ready', 'startup', undefined].map((group) => [stage.status(group), stage.report(group).reason]);

    it('is alive and not ready while it starts, as the members say while it runs, alive and not ready while it stops', async () => {
      stage.worker('sync');
      stage.contributor('ledger');
      const notYet = ['unhealthy', 'starting'];
      const well = ['ok', undefined];
      const over = ['unhealthy', 'stopping'];
      expect(probes(), 'starting').to.deep.equal([well, notYet, notYet, notYet]);
      await stage.run();
      expect(probes(), 'running').to.deep.equal([well, well, well, well]);
      stage.service.setPhase('stopping');
      expect(probes(), 'stopping').to.deep.equal([well, over, well, over]);
    });

    it('never was started when it stops during its start', async () => {
      await stage.clock.advance('5s');
      stage.service.setPhase('stopping');
      expect(probes()).to.deep.equal([
        ['ok', undefined],
        ['unhealthy', 'stopping'],
        ['unhealthy', 'stopping'],
        ['unhealthy', 'stopping'],
      ]);
      expect(stage.report('ready').since, 'not ready all the time').to.deep.equal(new Date(0));
    });

    it('never goes back to not started', async () => {
      const worker = stage.worker('sync');
      await stage.run();
      worker.health = { status: 'unhealthy' };
      await stage.sweep();
      expect(stage.status('ready')).to.equal('unhealthy');
      expect(stage.status('startup')).to.equal('ok');
    });

    it('is started only when the contributors to startup have been well once', async () => {
      const cache = stage.contributor('cache', { groups: ['startup'] });
      cache.answer = 'unhealthy';
      await stage.run();
      expect(stage.status('startup')).to.equal('unhealthy');
      cache.answer = 'ok';
      await stage.clock.advance('10s');
      expect(stage.status('startup')).to.equal('ok');
      cache.answer = 'unhealthy';
      await stage.clock.advance('10s');
      expect(stage.status('startup')).to.equal('ok');
    });

    it('says since when', async () => {
      await stage.clock.advance('5s');
      await stage.run();
      await stage.clock.advance('5s');
      expect(stage.report('ready').since).to.deep.equal(new Date(5_000));
      expect(stage.report('live').since).to.deep.equal(new Date(0));
    });
  });

  describe('groups', () => {
    it('are live, ready, startup and those that contributors name', () => {
      stage.contributor('mail', { groups: ['mail', 'ready'] });
      expect(stage.service.groups()).to.deep.equal(['live', 'ready', 'startup', 'mail']);
      expect(stage.service.report('other')).to.equal(undefined);
      expect(stage.service.report('constructor')).to.equal(undefined);
    });

    it('hold the members that belong to them', async () => {
      stage.worker('sync');
      stage.contributor('ledger');
      stage.contributor('mailbox', { groups: ['mail'] });
      stage.contributor('quiet', { groups: [] });
      await stage.run();
      const members = (group?: string) => [
        Object.keys(stage.report(group).workers),
        Object.keys(stage.report(group).contributors),
      ];
      expect(members()).to.deep.equal([['sync'], ['ledger', 'mailbox', 'quiet']]);
      expect(members('ready')).to.deep.equal([['sync'], ['ledger']]);
      expect(members('live')).to.deep.equal([['sync'], []]);
      expect(members('startup')).to.deep.equal([[], []]);
      expect(members('mail')).to.deep.equal([[], ['mailbox']]);
    });

    it('of the application follow their members in every phase', async () => {
      const mailbox = stage.contributor('mailbox', { groups: ['mail'] });
      mailbox.answer = 'degraded';
      expect(stage.status('mail')).to.equal('unhealthy');
      stage.service.start();
      await stage.clock.advance(0);
      expect(stage.status('mail')).to.equal('degraded');
      stage.service.setPhase('stopping');
      expect(stage.status('mail')).to.equal('degraded');
    });

    it('live sees the own progress of workers and nothing else', async () => {
      const worker = stage.worker('sync');
      const ledger = stage.contributor('ledger');
      ledger.answer = 'unhealthy';
      worker.health = { status: 'unhealthy', reason: 'blocked by the ledger' };
      await stage.run();
      expect(stage.status('live')).to.equal('ok');
      worker.live = { status: 'unhealthy', reason: 'stuck for 5m' };
      await stage.sweep();
      expect(stage.report('live')).to.include({ status: 'unhealthy' });
      expect(stage.report('live').workers['sync']).to.include({ raw: 'unhealthy', reason: 'stuck for 5m' });
    });
  });

  describe('is the worst of its members', () => {
    // Every list of statuses, each critical or not, once per multiset: order is of no matter.
    const kinds = healthStatuses.flatMap((status) => [true, false].map((critical) => ({ status, critical })));
    const lists = (length: number, from = 0): { status: HealthStatus; critical: boolean }[][] =>
      length === 0
        ? [[]]
        : kinds.slice(from).flatMap((kind, index) => lists(length - 1, from + index).map((rest) => [kind, ...rest]));

    for (const length of [1, 2, 3, 4, 5, 6]) {
      it(`for all combinations of ${length} over status and critical`, async () => {
        for (const list of lists(length)) {
          const all = new HealthStage();
          for (const [index, { status, critical }] of list.entries()) {
            all.contributor(`c${index}`, { critical }).answer = status;
          }
          all.service.start();
          await Promise.resolve();
          await all.service.refresh();
          all.service.setPhase('running');
          const isBad = list.some(({ status, critical }) => status === 'unhealthy' && critical);
          const isWell = list.every(({ status }) => status === 'ok');
          expect(all.status(), JSON.stringify(list)).to.equal(isBad ? 'unhealthy' : isWell ? 'ok' : 'degraded');
          expect(httpStatus(all), JSON.stringify(list)).to.equal(isBad ? 503 : 200);
          all.service.stop();
        }
      });
    }

    const httpStatus = ({ service }: HealthStage): number | undefined => {
      const view = {
        health: () => service.report(),
        onHealthChange: (listener: () => void) => service.onChange(listener),
      };
      return new HealthAnswers(view, JSON.stringify).answer(wholeGroup, true)?.status;
    };

    it('in whatever order they come, and whatever they were before: all 55,986 ways', function () {
      this.timeout(20_000);
      for (const length of [1, 2, 3, 4, 5, 6]) {
        const group = new HealthGroup(undefined, 0);
        const members = Array.from({ length }, (_, at) =>
          [true, false].map(
            (critical) =>
              new Member(
                `c${at}`,
                {
                  kind: 'contributor',
                  critical,
                  groups: [group],
                  scrub: (text) => text,
                  checkedAtGrainMs: 0,
                  isMentioned: false,
                },
                0,
              ),
          ),
        );
        // Of each pair, critical and not, one speaks and the other is well.
        for (const pair of members) for (const member of pair) group.add(member);
        for (let way = 0; way < kinds.length ** length; way++) {
          const list = members.map((_, at) => kinds[Math.floor(way / kinds.length ** at) % kinds.length]!);
          members.forEach(([critical, other], at) => {
            const kind = list[at]!;
            critical!.learn({ status: kind.critical ? kind.status : 'ok' }, 0);
            other!.learn({ status: kind.critical ? 'ok' : kind.status }, 0);
          });
          const isBad = list.some(({ status, critical }) => status === 'unhealthy' && critical);
          const isWell = list.every(({ status }) => status === 'ok');
          if (group.ofMembers !== (isBad ? 'unhealthy' : isWell ? 'ok' : 'degraded'))
            expect.fail(`way ${way} of ${length}`);
        }
      }
    });

    it('and shows what a member said beside what it counts as', async () => {
      stage.contributor('mirror', { critical: false }).answer = { status: 'unhealthy', reason: 'gone' };
      await stage.run();
      expect(stage.report().contributors['mirror']).to.deep.equal({
        status: 'degraded',
        raw: 'unhealthy',
        critical: false,
        reason: 'gone',
        since: new Date(0),
        checkedAt: new Date(0),
      });
    });

    it('and well when there are none', async () => {
      await stage.run();
      expect(stage.status()).to.equal('ok');
    });
  });

  describe('a summary', () => {
    it('is the report of its group without the members, in every phase', async () => {
      stage.worker('sync').health = { status: 'degraded', reason: 'slow' };
      stage.contributor('ledger', { groups: ['startup', 'partners'] }).answer = 'unhealthy';
      const expectTheSame = (): void => {
        for (const group of [undefined, ...stage.service.groups()]) {
          const { workers, contributors } = stage.report(group);
          expect({ ...stage.service.summary(group), workers, contributors }).to.deep.equal(stage.report(group));
        }
      };
      expectTheSame();
      await stage.run();
      expectTheSame();
      stage.service.setPhase('stopping');
      expectTheSame();
      expect(stage.service.summary('none of these')).to.equal(undefined);
    });

    it('knows of a worker that has changed, as a report does', async () => {
      const worker = stage.worker('sync');
      await stage.run();
      worker.health = { status: 'unhealthy', reason: 'stuck' };
      stage.service.workerChanged('sync');
      expect(stage.service.summary('ready')).to.include({ status: 'unhealthy' });
    });

    it('has nobody read again because somebody looks at it, as a report has', async () => {
      const worker = stage.worker('sync');
      worker.steadyUntilMs = Infinity;
      await stage.run();
      const { reads } = worker;
      for (let second = 0; second < 60; second++) {
        stage.service.summary();
        stage.service.summary('ready');
        await stage.clock.advance('1s');
      }
      expect(worker.reads).to.equal(reads);
      stage.report();
      await stage.sweep();
      expect(worker.reads).to.equal(reads + 1);
    });
  });

  describe('a report', () => {
    it('is the same object as long as nothing has changed', async () => {
      const worker = stage.worker('sync');
      await stage.run();
      const whole = stage.report();
      const live = stage.report('live');
      expect(stage.report()).to.equal(whole);
      worker.health = { status: 'degraded', reason: 'slow' };
      stage.service.workerChanged('sync');
      expect(stage.report()).not.to.equal(whole);
      expect(stage.report('live'), 'of a group that is not concerned').to.equal(live);
    });

    it('stays the same through checks that say the same, except for when they did, every five seconds', async () => {
      for (let i = 0; i < 20; i++) stage.contributor(`c${i}`, { every: '100ms' });
      await stage.run();
      await stage.sweep();
      const before = stage.report();
      const { changes } = stage;
      await stage.clock.advance('4900ms');
      expect(stage.report()).to.equal(before);
      expect(stage.changes).to.equal(changes);
      await stage.clock.advance('100ms');
      expect(stage.changes).to.equal(changes + 1);
      const checkedAt = stage.report().contributors['c0']?.checkedAt?.getTime();
      expect(stage.clock.now() - (checkedAt ?? 0)).to.be.within(0, 100);
    });

    it('shows whoever looks at it that a worker is still looked at, every ten seconds', async () => {
      const worker = stage.worker('sync');
      await stage.run();
      const { changes } = stage;
      const { reads } = worker;
      for (let i = 0; i < 12; i++) {
        stage.report();
        await stage.sweep();
      }
      expect(worker.reads - reads).to.equal(12);
      expect(stage.changes - changes).to.equal(6);
      expect(stage.clock.now() - (stage.report().workers['sync']?.checkedAt?.getTime() ?? 0)).to.be.below(10_000);
    });

    it('shows when members were asked also after the clock of the machine was set back', async () => {
      const worker = stage.worker('sync');
      stage.contributor('ledger');
      await stage.run();
      await stage.sweep(2);
      const now = stage.clock.now.bind(stage.clock);
      stage.clock.now = () => now() - 3_600_000;
      const { reads } = worker;
      await stage.sweep(2);
      expect(worker.reads - reads).to.equal(2);
      const { workers, contributors } = stage.report();
      for (const shown of [workers['sync'], contributors['ledger']])
        expect(stage.clock.now() - (shown?.checkedAt?.getTime() ?? 0)).to.be.within(0, 10_000);
    });

    it('knows a member by its name only', async () => {
      stage.worker('toString');
      await stage.run();
      expect(Object.keys(stage.report().workers)).to.deep.equal(['toString']);
      expect('toString' in stage.report().contributors).to.equal(false);
    });
  });

  describe('a change', () => {
    it('is told to listeners, once each, until they end it', async () => {
      const ledger = stage.contributor('ledger');
      let calls = 0;
      const listener = (): void => {
        calls++;
      };
      const end = stage.service.onChange(listener);
      stage.service.onChange(listener);
      await stage.run();
      calls = 0;
      ledger.answer = 'degraded';
      await stage.clock.advance('10s');
      const both = calls;
      end();
      end();
      ledger.answer = 'ok';
      await stage.clock.advance('10s');
      expect(both % 2).to.equal(0);
      expect(calls - both).to.equal(both / 2);
    });

    it('reaches everybody when one listener throws', () => {
      let calls = 0;
      stage.service.onChange(() => {
        throw new Error('listener');
      });
      stage.service.onChange(() => calls++);
      stage.service.setPhase('running');
      expect(calls).to.equal(1);
      expect(stage.said()).to.deep.equal(['error: a listener to health changes threw']);
    });

    it('is one log line, and a check that says the same is none', async () => {
      const ledger = stage.contributor('ledger');
      const mirror = stage.contributor('mirror', { critical: false });
      await stage.run();
      await stage.clock.advance('30s');
      ledger.answer = { status: 'degraded', reason: 'slow' };
      await stage.clock.advance('30s');
      ledger.answer = { status: 'unhealthy', reason: 'gone' };
      mirror.answer = 'unhealthy';
      await stage.clock.advance('30s');
      ledger.answer = 'ok';
      await stage.clock.advance('30s');
      expect(stage.said()).to.deep.equal([
        'warn: contributor "ledger" is degraded, was ok: slow',
        'error: contributor "ledger" is unhealthy, was degraded: gone',
        'warn: contributor "mirror" is unhealthy, was ok',
        'info: contributor "ledger" is ok, was unhealthy',
      ]);
      expect(stage.log.lines[1]?.fields).to.deep.equal({
        contributor: 'ledger',
        health: 'unhealthy',
        was: 'degraded',
        reason: 'gone',
      });
    });

    it('of a worker is not mentioned while the application starts or stops, but what is left of it is once it runs', async () => {
      const worker = stage.worker('sync');
      worker.health = { status: 'unhealthy', reason: 'not started' };
      stage.service.start();
      await stage.clock.advance('5s');
      expect(stage.said()).to.deep.equal([]);
      worker.health = { status: 'degraded', reason: 'paused by anna' };
      stage.service.setPhase('running');
      expect(stage.said()).to.deep.equal(['warn: worker "sync" is degraded, was ok: paused by anna']);
      stage.service.setPhase('stopping');
      worker.health = { status: 'unhealthy' };
      await stage.clock.advance('5s');
      expect(stage.said()).to.have.length(1);
    });
  });

  it('refuses two workers and two contributors of one name', () => {
    stage.worker('sync');
    stage.contributor('sync');
    expect(() => stage.worker('sync'))
      .to.throw(PlbaError)
      .with.property('code', 'NAME_DUPLICATE');
    expect(() => stage.contributor('sync'))
      .to.throw(PlbaError)
      .with.property('code', 'NAME_DUPLICATE');
  });
});
