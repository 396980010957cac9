import { expect } from 'chai';
import { sweepMs } from '../../../src/health/sweep.js';
import { HealthStage } from './stage.js';

describe('the health of workers', () => {
  let stage: HealthStage;
  beforeEach(() => {
    stage = new HealthStage();
  });
  afterEach(() => {
    stage.service.stop();
    expect(stage.clock.pendingTimers(), 'timers left').to.deep.equal([]);
  });

  const known = (name: string) => stage.report().workers[name];

  it('is unhealthy before it was read', () => {
    stage.worker('sync');
    expect(stage.service.workerHealth('sync')).to.deep.include({ status: 'unhealthy', reason: 'not asked yet' });
    expect(stage.service.workerHealth('other')).to.equal(undefined);
  });

  it('is read when the worker has changed, before anybody sees a report', async () => {
    const worker = stage.worker('sync');
    await stage.run();
    worker.health = { status: 'degraded', reason: 'blocked' };
    stage.service.workerChanged('sync');
    expect(known('sync')).to.include({ raw: 'degraded', reason: 'blocked' });
  });

  it('is read once for any number of changes in a turn, and told to listeners', async () => {
    const worker = stage.worker('sync');
    await stage.run();
    const { reads } = worker;
    const { changes } = stage;
    for (let i = 0; i < 1_000; i++) stage.service.workerChanged('sync');
    worker.health = { status: 'degraded' };
    await stage.clock.advance(0);
    expect(worker.reads - reads).to.equal(1);
    expect(stage.changes - changes).to.equal(1);
  });

  it('is read once on the way up, however often the worker has changed meanwhile, and when somebody looks', async () => {
    const worker = stage.worker('sync');
    worker.steadyUntilMs = Infinity;
    stage.service.start();
    for (let i = 0; i < 10; i++) {
      stage.service.workerChanged('sync');
      await stage.clock.advance(1);
    }
    expect(worker.reads).to.equal(0);
    worker.health = { status: 'degraded' };
    expect(known('sync')).to.include({ raw: 'degraded' });
    stage.service.workerChanged('sync');
    stage.service.setPhase('running');
    expect(worker.reads).to.equal(2);
  });

  it('is read within five seconds of a change when the way up takes longer', async () => {
    const worker = stage.worker('sync');
    worker.steadyUntilMs = Infinity;
    stage.service.start();
    await stage.sweep();
    expect(worker.reads).to.equal(1);
    stage.service.workerChanged('sync');
    await stage.sweep();
    expect(worker.reads).to.equal(2);
  });

  it('is not read while it stays as it is, and soon afterwards', async () => {
    const worker = stage.worker('sync');
    worker.steadyUntilMs = 3_600_000;
    await stage.run();
    const { reads } = worker;
    await stage.clock.advance(3_600_000);
    expect(worker.reads).to.equal(reads);
    worker.health = { status: 'unhealthy', reason: 'stuck' };
    await stage.clock.advance(1);
    expect(worker.reads).to.equal(reads + 1);
    expect(stage.said()).to.deep.equal(['error: worker "sync" is unhealthy, was ok: stuck']);
  });

  it('is read in time when a change brings nearer until when it stays as it is', async () => {
    const worker = stage.worker('sync');
    worker.steadyUntilMs = 3_600_000;
    await stage.run();
    worker.steadyUntilMs = 60_000;
    stage.service.workerChanged('sync');
    await stage.clock.advance(60_000);
    worker.health = { status: 'unhealthy', reason: 'stuck' };
    await stage.clock.advance(1);
    expect(stage.said()).to.have.length(1);
  });

  it('is read by itself every five seconds where nobody can say that it stays as it is', async () => {
    const worker = stage.worker('sync');
    await stage.run();
    worker.health = { status: 'unhealthy', reason: 'stuck for 5m' };
    await stage.sweep();
    expect(known('sync')).to.include({ raw: 'unhealthy', reason: 'stuck for 5m' });
  });

  it('is read after runs that a blocked event loop has made late have had their turn', async () => {
    const worker = stage.worker('sync');
    await stage.run();
    stage.blockLoopFrom(sweepMs - 1);
    worker.health = { status: 'degraded', reason: 'a run was due 1m ago' };
    await stage.clock.advance(sweepMs);
    worker.health = { status: 'ok' };
    await stage.clock.advance('1s');
    expect(stage.said()).to.deep.equal([]);
    worker.health = { status: 'degraded', reason: 'a run was due 1m ago' };
    await stage.sweep();
    expect(known('sync')?.raw).to.equal('degraded');
  });

  it('is read soon after a blocked event loop, whatever asks for that meanwhile', async () => {
    const worker = stage.worker('sync');
    await stage.run();
    stage.blockLoopFrom(sweepMs - 1);
    await stage.clock.advance(sweepMs);
    worker.health = { status: 'unhealthy', reason: 'stuck' };
    const other = stage.worker('busy');
    for (let i = 0; i < 40; i++) {
      other.health = { status: 'degraded', reason: `${i}` };
      stage.service.workerChanged('busy');
      await stage.clock.advance('50ms');
    }
    expect(stage.said().join()).to.include('worker "sync" is unhealthy');
  });

  it('has one timer for any number of workers', async () => {
    for (let i = 0; i < 10_000; i++) stage.worker(`w${i}`);
    await stage.run();
    expect(stage.clock.pending()).to.equal(1);
    expect(stage.status()).to.equal('ok');
  });

  it('keeps no process alive', async () => {
    stage.worker('sync');
    stage.contributor('ledger').hang();
    await stage.run();
    stage.service.workerChanged('sync');
    expect(stage.clock.pendingTimers().map(({ keepAlive }) => keepAlive)).not.to.include(true);
  });

  it('of an unknown name that has changed is of no matter', async () => {
    await stage.run();
    stage.service.workerChanged('nobody');
  });

  const trap = (): never => {
    throw new Error('trap');
  };
  const cycle: Record<string, unknown> = { status: 'degraded' };
  cycle['details'] = cycle;
  const rejected = Promise.reject(new Error('later'));
  // Handled before the test that uses it comes to its turn.
  rejected.catch(() => undefined);
  const lies: [what: string, health: unknown, raw: string, reason: unknown][] = [
    ['throws', new Error('no health today'), 'unhealthy', 'no health today'],
    ['rejects', rejected, 'unhealthy', 'later'],
    ['answers nothing', undefined, 'unhealthy', 'answered undefined instead of a health status'],
    ['promises nothing', Promise.resolve(), 'unhealthy', 'answered undefined instead of a health status'],
    ['answers another word', { status: 'fine' }, 'unhealthy', 'answered {"status":"fine"} instead of a health status'],
    [
      'answers a getter that throws',
      {
        get status() {
          return trap();
        },
      },
      'unhealthy',
      'answered something unreadable: trap',
    ],
    [
      'answers a then that throws',
      {
        get then() {
          return trap();
        },
      },
      'unhealthy',
      'trap',
    ],
    ['answers a cycle', cycle, 'degraded', undefined],
    ['answers with a secret', { status: 'degraded', reason: 's3cr3t' }, 'degraded', '******'],
    ['answers later', Promise.resolve({ status: 'degraded', reason: 'x' }), 'degraded', 'x'],
  ];
  for (const [what, health, raw, reason] of lies) {
    it(`is ${raw}, and harms nobody, when health() ${what}`, async () => {
      stage.worker('odd').health = health;
      stage.worker('other');
      await stage.run();
      await stage.sweep();
      expect(known('odd')?.raw).to.equal(raw);
      expect(known('odd')?.reason).to.equal(reason);
      expect(known('other')?.raw).to.equal('ok');
      expect(stage.status('live')).to.equal('ok');
      JSON.stringify(stage.report());
    });
  }

  it('is unhealthy when health() gives no answer for five seconds, and asked again only when it has', async () => {
    const worker = stage.worker('hung');
    await stage.run();
    let answer: (health: unknown) => void = () => undefined;
    worker.health = new Promise((resolve) => (answer = resolve));
    const { reads } = worker;
    await stage.sweep();
    expect(known('hung')?.raw, 'what is known stays for a while').to.equal('ok');
    await stage.sweep();
    expect(known('hung')).to.include({ raw: 'unhealthy', reason: 'health() has given no answer for 5s' });
    expect(worker.reads - reads).to.equal(1);
    answer({ status: 'ok' });
    await stage.clock.advance(0);
    expect(known('hung')?.raw).to.equal('ok');
    worker.health = { status: 'degraded' };
    await stage.sweep();
    expect(known('hung')?.raw).to.equal('degraded');
  });

  it('is what its state says as soon as it has another one, and an answer from before does not count', async () => {
    const worker = stage.worker('sync');
    await stage.run();
    let answer: (health: unknown) => void = () => undefined;
    worker.health = new Promise((resolve) => (answer = resolve));
    await stage.sweep();
    worker.state = { status: 'unhealthy', reason: 'failed: no route' };
    stage.service.workerChanged('sync');
    expect(known('sync')?.reason).to.equal('failed: no route');
    answer({ status: 'ok' });
    await stage.clock.advance(0);
    expect(known('sync')?.reason, 'the answer of a worker that has failed since').to.equal('failed: no route');
  });

  for (const [when, settles] of [
    ['comes all the same', true],
    ['never comes', false],
  ] as const) {
    it(`is asked anew when a worker goes on, and an answer from before ${when}`, async () => {
      const worker = stage.worker('sync');
      await stage.run();
      let answer: (health: unknown) => void = () => undefined;
      worker.health = new Promise((resolve) => (answer = resolve));
      await stage.sweep();
      worker.stateChanges += 2; // stopped and started again, in one turn
      worker.health = { status: 'degraded', reason: 'now' };
      stage.service.workerChanged('sync');
      expect(known('sync')?.reason).to.equal('now');
      if (settles) answer({ status: 'unhealthy', reason: 'of an earlier life' });
      await stage.clock.advance('1m');
      expect(known('sync')?.reason).to.equal('now');
    });
  }

  it('does not keep refresh() waiting for ever', async () => {
    stage.worker('hung').health = new Promise(() => undefined);
    const refreshed = stage.service.refresh();
    await stage.clock.advance('5s');
    await refreshed;
  });

  it('counts as degraded at worst when the worker is not critical, in live as well', async () => {
    const worker = stage.worker('extra', false);
    worker.health = { status: 'unhealthy' };
    worker.live = { status: 'unhealthy' };
    await stage.run();
    expect([stage.status(), stage.status('ready'), stage.status('live')]).to.deep.equal([
      'degraded',
      'degraded',
      'degraded',
    ]);
  });

  it('shows details, and a change in them', async () => {
    const worker = stage.worker('sync');
    worker.health = { status: 'ok', details: { queue: 1 } };
    await stage.run();
    expect(known('sync')?.details).to.deep.equal({ queue: 1 });
    const before = stage.report();
    await stage.sweep();
    expect(stage.report(), 'the same details in another object').to.equal(before);
    worker.health = { status: 'ok', details: { queue: 2 } };
    await stage.sweep();
    expect(known('sync')?.details).to.deep.equal({ queue: 2 });
  });

  it('shows a change of the reason alone', async () => {
    const worker = stage.worker('sync');
    worker.health = { status: 'degraded', reason: 'no success for 14m' };
    await stage.run();
    worker.health = { status: 'degraded', reason: 'no success for 15m' };
    await stage.sweep();
    expect(known('sync')?.reason).to.equal('no success for 15m');
  });

  it('tells listeners of an answer that comes later', async () => {
    const worker = stage.worker('later');
    await stage.run();
    let answer: (health: unknown) => void = () => undefined;
    worker.health = new Promise((resolve) => (answer = resolve));
    await stage.sweep();
    const { changes } = stage;
    answer({ status: 'degraded' });
    await stage.clock.advance(0);
    expect(stage.changes - changes).to.equal(1);
  });

  it('forgets details that are no longer given', async () => {
    const worker = stage.worker('sync');
    worker.health = { status: 'ok', details: { queue: 1 } };
    await stage.run();
    worker.health = { status: 'ok' };
    stage.service.workerChanged('sync');
    expect(known('sync')).not.to.have.property('details');
  });

  it('forgets the reason and the details of before', async () => {
    const worker = stage.worker('sync');
    worker.health = { status: 'degraded', reason: 'slow', details: { queue: 1 } };
    await stage.run();
    worker.health = { status: 'ok' };
    stage.service.workerChanged('sync');
    expect(known('sync')).to.have.keys('status', 'raw', 'critical', 'since', 'checkedAt');
  });
});
