import { expect } from 'chai';
import type { HealthContributor } from '../../../src/contracts/health.js';
import { PlbaError } from '../../../src/errors.js';
import { processErrorsDuring } from '../../support/process-errors.js';
import { HealthStage } from './stage.js';

describe('health contributors', () => {
  let stage: HealthStage;
  beforeEach(() => {
    stage = new HealthStage();
  });
  afterEach(() => {
    stage.service.stop();
    expect(stage.clock.pendingTimers(), 'timers left').to.deep.equal([]);
  });

  const known = (name: string) => stage.report().contributors[name];

  it('are unhealthy before they have answered', () => {
    stage.contributor('ledger');
    expect(stage.service.contributorHealth('ledger')).to.deep.include({ status: 'unhealthy', reason: 'not asked yet' });
    expect(known('ledger')).not.to.have.property('checkedAt');
    expect(stage.service.contributorHealth('other')).to.equal(undefined);
  });

  it('are all asked at once when health starts, and then each in its own time from the end of its last check', async () => {
    const fast = stage.contributor('fast', { every: '1s' });
    const slow = stage.contributor('slow', { every: '5s' });
    stage.service.start();
    expect([fast.asked, slow.asked]).to.deep.equal([1, 1]);
    await stage.clock.advance('10s');
    expect([fast.asked, slow.asked]).to.deep.equal([11, 3]);
  });

  it('are asked in parallel: one that hangs holds nobody up', async () => {
    stage.contributor('hung').hang();
    const other = stage.contributor('other');
    await stage.run();
    expect(stage.service.contributorHealth('other')).to.deep.include({ status: 'ok' });
    await stage.clock.advance('60s');
    expect(other.asked).to.equal(7);
  });

  const answers: [what: string, answer: unknown, reason: string][] = [
    ['throws', new Error('refused'), 'refused'],
    ['answers nonsense', 'UP', 'answered "UP" instead of a health status'],
    ['answers nothing', undefined, 'answered undefined instead of a health status'],
    ['leaks a secret', new Error('bad password s3cr3t'), 'bad password ******'],
  ];
  for (const [what, answer, reason] of answers) {
    it(`are unhealthy when their check ${what}, and asked again`, async () => {
      const ledger = stage.contributor('ledger');
      ledger.answer = answer;
      await stage.run();
      expect(known('ledger')).to.deep.include({ raw: 'unhealthy', reason });
      ledger.answer = 'ok';
      await stage.clock.advance('10s');
      expect(known('ledger')).to.deep.include({ raw: 'ok' });
    });
  }

  it('may throw before they answer at all', async () => {
    const rude: HealthContributor = {
      check: () => {
        throw new Error('at once');
      },
    };
    stage.service.addContributor({ name: 'rude' }, rude);
    await stage.run();
    expect(known('rude')).to.deep.include({ raw: 'unhealthy', reason: 'at once' });
  });

  it('say since when, and when they were last asked', async () => {
    const ledger = stage.contributor('ledger');
    await stage.run();
    ledger.answer = 'degraded';
    await stage.clock.advance('35s');
    expect(known('ledger')?.since).to.deep.equal(new Date(10_000));
    expect(known('ledger')?.checkedAt).to.deep.equal(new Date(30_000));
  });

  it('are believed about since when, once a status, and not about the future', async () => {
    const ledger = stage.contributor('ledger');
    ledger.answer = { status: 'degraded', since: new Date(-60_000) };
    await stage.run();
    ledger.answer = { status: 'degraded', reason: 'still', since: new Date(5) };
    await stage.clock.advance('10s');
    expect(known('ledger')?.since).to.deep.equal(new Date(-60_000));
    ledger.answer = { status: 'unhealthy', since: new Date(Date.UTC(2050, 0)) };
    await stage.clock.advance('10s');
    expect(known('ledger')?.since).to.deep.equal(new Date(20_000));
  });

  describe('a check that takes too long', () => {
    it('is unhealthy and aborted at its timeout', async () => {
      const ledger = stage.contributor('ledger');
      ledger.hang();
      await stage.run();
      await stage.clock.advance(1_999);
      expect(known('ledger')).not.to.have.property('checkedAt');
      await stage.clock.advance(1);
      expect(known('ledger')).to.deep.include({ raw: 'unhealthy', reason: 'no answer within 2s' });
      expect(ledger.signals[0]?.aborted).to.equal(true);
      expect(ledger.signals[0]?.reason).to.be.instanceOf(PlbaError).with.property('code', 'HEALTH_CHECK_TIMED_OUT');
    });

    it('keeps its place until it has really ended: no second one meanwhile', async () => {
      const ledger = stage.contributor('ledger');
      ledger.hang();
      await stage.run();
      await stage.clock.advance('5m');
      expect(ledger.asked).to.equal(1);
      ledger.letGo();
      await stage.clock.advance('9s');
      expect(known('ledger')?.raw, 'its late answer does not count').to.equal('unhealthy');
      await stage.clock.advance('1s');
      expect(known('ledger')?.raw).to.equal('ok');
      expect(ledger.mostInFlight).to.equal(1);
    });

    it('is followed by another one at once when somebody could not wait, for it began before', async () => {
      const ledger = stage.contributor('ledger');
      ledger.answer = 'unhealthy';
      ledger.hang();
      await stage.run();
      stage.service.askSoon(['ledger', 'nobody']);
      stage.service.askSoon(['ledger']);
      expect(ledger.asked).to.equal(1);
      await stage.clock.advance('3s');
      ledger.answer = 'ok';
      ledger.letGo();
      await stage.clock.advance(0);
      expect(known('ledger')?.raw).to.equal('ok');
      expect(ledger.asked).to.equal(2);
      await stage.clock.advance('9s');
      expect(ledger.asked).to.equal(2);
    });

    it('is named once, at half its timeout, and again after a fast one', async () => {
      const ledger = stage.contributor('ledger');
      const slow = 'warn: health contributor "ledger" is slow: no answer for 1s';
      const beSlow = async (): Promise<void> => {
        ledger.hang();
        await stage.clock.advance('10s');
        await stage.clock.advance('1500ms');
        ledger.letGo();
        await stage.clock.advance(0);
      };
      await stage.run();
      await beSlow();
      await beSlow();
      expect(stage.said()).to.deep.equal([slow]);
      await stage.clock.advance('10s');
      await beSlow();
      expect(stage.said()).to.deep.equal([slow, slow]);
      expect(known('ledger')?.raw, 'slow is not unhealthy').to.equal('ok');
    });

    it('is one that blocks the event loop as well', async () => {
      const clock = stage.clock;
      let blockedMs = 0;
      const monotonic = clock.monotonic.bind(clock);
      clock.monotonic = () => monotonic() + blockedMs;
      stage.service.addContributor({ name: 'busy', timeout: '1s' }, { check: () => ((blockedMs += 1_500), 'ok') });
      await stage.run();
      expect(known('busy')).to.deep.include({ raw: 'unhealthy', reason: 'no answer within 1s' });
    });

    it('is named also when it blocks the event loop, so that no timer could say so', async () => {
      const clock = stage.clock;
      let blockedMs = 0;
      const monotonic = clock.monotonic.bind(clock);
      clock.monotonic = () => monotonic() + blockedMs;
      stage.service.addContributor(
        { name: 'busy', every: '10s', timeout: '2s' },
        { check: () => ((blockedMs += 1_500), 'ok') },
      );
      await stage.run();
      await clock.advance('30s');
      expect(stage.said()).to.deep.equal([
        'warn: health contributor "busy" is slow: it blocked the event loop for 1.5s',
      ]);
      expect(known('busy')?.raw, 'slow is not unhealthy').to.equal('ok');
    });

    it('ends nobody when it blocks the event loop and rejects after that', async () => {
      const clock = stage.clock;
      let blockedMs = 0;
      const monotonic = clock.monotonic.bind(clock);
      clock.monotonic = () => monotonic() + blockedMs;
      const check = async (): Promise<'ok'> => {
        blockedMs += 3_000;
        await Promise.resolve();
        throw new Error('the ledger is away');
      };
      stage.service.addContributor({ name: 'clumsy', timeout: '2s' }, { check });
      expect(await processErrorsDuring('unhandledRejection', () => stage.run())).to.deep.equal([]);
      expect(known('clumsy')).to.deep.include({ raw: 'unhealthy', reason: 'no answer within 2s' });
    });

    it('is not one whose time was taken by somebody who blocked the event loop', async () => {
      const clock = stage.clock;
      let blockedMs = 0;
      const monotonic = clock.monotonic.bind(clock);
      clock.monotonic = () => monotonic() + blockedMs;
      const ledger = stage.contributor('ledger');
      ledger.hang();
      stage.service.start();
      await clock.advance(1_500);
      blockedMs = 800;
      await clock.advance(500);
      expect(known('ledger')?.checkedAt, 'its time is up, but 800 ms were not its own').to.equal(undefined);
      ledger.letGo();
      await clock.advance(1);
      expect(known('ledger')).to.deep.include({ raw: 'ok' });
    });
  });

  describe('asked all at once by refresh()', () => {
    it('have answered when it resolves', async () => {
      const ledger = stage.contributor('ledger');
      await stage.run();
      ledger.answer = 'degraded';
      await stage.service.refresh();
      expect(known('ledger')?.raw).to.equal('degraded');
    });

    it('are not asked twice at once, however many ask', async () => {
      const ledger = stage.contributor('ledger');
      await stage.run();
      ledger.hang();
      const all = Array.from({ length: 100 }, () => stage.service.refresh());
      await stage.clock.advance('1s');
      ledger.letGo();
      await Promise.all(all);
      expect(ledger.asked).to.equal(2);
      expect(ledger.mostInFlight).to.equal(1);
    });

    it('are given up at their timeout', async () => {
      stage.contributor('ledger').hang();
      const refreshed = stage.service.refresh();
      await stage.clock.advance('2s');
      await refreshed;
      expect(known('ledger')?.reason).to.equal('no answer within 2s');
    });
  });

  describe('when health stops', () => {
    it('are aborted, asked no more, and what they say no longer counts', async () => {
      const ledger = stage.contributor('ledger');
      await stage.run();
      ledger.hang();
      await stage.clock.advance('10s');
      ledger.answer = 'unhealthy';
      stage.service.stop();
      expect(ledger.signals[1]?.aborted).to.equal(true);
      ledger.letGo();
      await stage.clock.advance('60s');
      expect(ledger.asked).to.equal(2);
      expect(known('ledger')?.raw).to.equal('ok');
    });
  });

  it('are refused with an option that cannot be', () => {
    const code = (options: object): unknown => {
      try {
        stage.contributor('x', options);
      } catch (error) {
        return (error as PlbaError).code;
      }
      return undefined;
    };
    expect(code({ every: '0s' })).to.equal('OPTION_INVALID');
    expect(code({ timeout: 0 })).to.equal('OPTION_INVALID');
    expect(code({ every: 'soon' })).to.equal('DURATION_INVALID');
    expect(code({ timeout: NaN })).to.equal('DURATION_INVALID');
    expect(code({ groups: ['live'] })).to.equal('HEALTH_GROUP_INVALID');
    expect(stage.service.groups(), 'nothing of what was refused is left').to.deep.equal(['live', 'ready', 'startup']);
  });
});
