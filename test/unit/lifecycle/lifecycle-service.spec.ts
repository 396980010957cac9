import { expect } from 'chai';
import { VirtualClock } from 'plba/testing';
import { DrivenLifetime } from '../../../src/lifecycle/application-lifetime.js';
import { LifecycleService } from '../../../src/lifecycle/lifecycle-service.js';
import type { OuterPart } from '../../../src/lifecycle/participant.js';
import { fakeLogger } from '../../fakes/fake-logger.js';
import { FakeParticipant, type Behaviour } from '../../fakes/fake-participant.js';

describe('the lifecycle service', () => {
  let clock: VirtualClock;
  let diary: string[];
  let lifetime: DrivenLifetime;
  let log: ReturnType<typeof fakeLogger>;

  beforeEach(() => {
    clock = new VirtualClock();
    diary = [];
    lifetime = new DrivenLifetime(clock);
    log = fakeLogger();
  });

  function lifecycleOf(
    behaviours: Readonly<Record<string, Behaviour>>,
    { outer = [], delayMs = 0, timeoutMs = 25_000 }: { outer?: OuterPart[]; delayMs?: number; timeoutMs?: number } = {},
  ): LifecycleService {
    const others = new Map<string, FakeParticipant>();
    for (const [name, behaviour] of Object.entries(behaviours)) {
      others.set(name, new FakeParticipant(name, behaviour, clock, diary, others));
    }
    return new LifecycleService({
      application: 'test',
      participants: [...others.values()],
      outer,
      lifetime,
      clock,
      log,
      startTimeoutMs: 60_000,
      shutdown: { timeoutMs, delayMs },
    });
  }

  const outerPart = (name: string): OuterPart => ({
    name,
    start: () => void diary.push(`up ${name}`),
    stop: () => void diary.push(`down ${name}`),
  });

  /** Lets time pass until `work` has settled. */
  async function settled<T>(work: Promise<T>): Promise<T> {
    void work.catch(() => undefined);
    await clock.advance('2m');
    return work;
  }

  /** What `work` failed with, while others let time pass. */
  const failureOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'it succeeded',
      (error: unknown) => (error as Error).message,
    );

  const messageOf = (work: Promise<unknown>): Promise<string> => settled(failureOf(work));

  const asked = { kind: 'asked', reason: 'test' } as const;

  it('starts in the order of needs, and stops in reverse', async () => {
    const lifecycle = lifecycleOf({ c: { needs: ['b'] }, b: { needs: ['a'] }, a: {} });
    await settled(lifecycle.start());
    await settled(lifecycle.stop(asked));
    expect(diary).to.deep.equal([
      ...['start a', 'start b', 'start c'],
      ...['stop c', 'stopped c', 'stop b', 'stopped b', 'stop a', 'stopped a'],
    ]);
  });

  it('starts and stops side by side where the needs allow', async () => {
    const lifecycle = lifecycleOf({ a: { start: 100, stopMs: 100 }, b: { start: 100, stopMs: 100 } });
    await settled(lifecycle.start());
    const report = await settled(lifecycle.stop(asked));
    expect(report.durationMs).to.be.within(100, 110);
    expect(diary.slice(0, 4)).to.deep.equal(['start a', 'start b', 'stop b', 'stop a']);
  });

  it('has the outer parts up first and down last, in reverse', async () => {
    const lifecycle = lifecycleOf({ a: {} }, { outer: [outerPart('control'), outerPart('health')] });
    await settled(lifecycle.start());
    await settled(lifecycle.stop(asked));
    expect(diary).to.deep.equal([
      ...['up control', 'up health', 'start a'],
      ...['stop a', 'stopped a', 'down health', 'down control'],
    ]);
  });

  for (let k = 1; k <= 10; k++) {
    it(`rolls back exactly what was started when number ${k} of 10 does not start`, async () => {
      const chain = Array.from({ length: 10 }, (_, i): [string, Behaviour] => [
        `w${i + 1}`,
        { needs: i === 0 ? [] : [`w${i}`], ...(i + 1 === k && { start: 'throw' }) },
      ]);
      const lifecycle = lifecycleOf(Object.fromEntries(chain));
      expect(await messageOf(lifecycle.start())).to.equal(`w${k} is broken`);
      const stopped = diary.filter((line) => line.startsWith('stop ')).map((line) => line.slice('stop '.length));
      expect(stopped).to.deep.equal(Array.from({ length: k - 1 }, (_, i) => `w${k - 1 - i}`));
      expect(lifetime.state).to.equal('failed');
      expect(clock.pending()).to.equal(0);
    });
  }

  it('fails with the first cause when several do not start', async () => {
    const lifecycle = lifecycleOf({ a: {}, b: { start: 'throw' }, c: { start: 'throw' } });
    expect(await messageOf(lifecycle.start())).to.equal('b is broken');
  });

  it('names who hangs in start, and who waits for whom', async () => {
    const lifecycle = lifecycleOf({ a: { start: 'hang' }, b: { needs: ['a'] }, c: { needs: ['b'] }, d: {} });
    const message = await messageOf(lifecycle.start());
    expect(message).to.include('after 1m');
    expect(message).to.include('"a" is starting; "b" is waiting for a; "c" is waiting for b');
    expect(message).to.not.include('"d"');
    expect(diary).to.include('stop d');
  });

  it('breaks the start off when it is told to stop, and gives one report', async () => {
    const lifecycle = lifecycleOf({ a: {}, b: { start: 'hang' } });
    const starting = failureOf(lifecycle.start());
    await clock.advance('1s');
    const report = await settled(lifecycle.stop(asked));
    expect(await starting).to.include('told to stop while it started');
    expect(report).to.include({ exitCode: 0, reason: 'test' });
    expect(diary.filter((line) => line === 'stop a')).to.have.length(1);
  });

  it('stops once, however often it is told to', async () => {
    const lifecycle = lifecycleOf({ a: { stopMs: 100 } });
    await settled(lifecycle.start());
    const [first, second] = await settled(Promise.all([lifecycle.stop(asked), lifecycle.stop(asked)]));
    expect(first).to.equal(second);
    expect(diary.filter((line) => line === 'stop a')).to.have.length(1);
  });

  it('never skips the rest because of an error, and reports all of them', async () => {
    const broken: OuterPart = {
      name: 'control',
      start: () => undefined,
      stop: () => Promise.reject(new Error('the port is stuck')),
    };
    const lifecycle = lifecycleOf({ a: { stop: 'throw' }, b: { stop: 'throw' }, c: {} }, { outer: [broken] });
    await settled(lifecycle.start());
    const report = await settled(lifecycle.stop(asked));
    expect(report.workers.map(({ worker, result }) => `${worker} ${result}`)).to.have.members([
      'a failed',
      'b failed',
      'c drained',
    ]);
    expect(report.errors.map(({ message }) => message)).to.deep.equal(['the port is stuck']);
  });

  it('gives up an outer part that does not stop', async () => {
    const stuck: OuterPart = { name: 'control', start: () => undefined, stop: () => new Promise(() => undefined) };
    const lifecycle = lifecycleOf({ a: {} }, { outer: [stuck] });
    await settled(lifecycle.start());
    const report = await settled(lifecycle.stop(asked));
    expect(report.errors[0]?.message).to.include('control did not stop');
  });

  it('keeps the global deadline however long the chain is, and names those who were cut short', async () => {
    const slow = (need?: string): Behaviour => ({ stopMs: 60_000, needs: need === undefined ? [] : [need] });
    const lifecycle = lifecycleOf({ a: slow(), b: slow('a'), c: slow('b'), d: slow('c') }, { timeoutMs: 4_000 });
    await settled(lifecycle.start());
    const report = await settled(lifecycle.stop(asked));
    expect(report.durationMs).to.be.at.most(4_010);
    expect(report).to.include({ exitCode: 4 });
    expect(report.workers.map(({ result }) => result)).to.deep.equal(Array(4).fill('abandoned'));
  });

  it('turns unready at once, and waits before it drains so that others notice', async () => {
    const lifecycle = lifecycleOf({ a: {} }, { delayMs: 3_000 });
    await settled(lifecycle.start());
    const stopping = lifecycle.stop(asked);
    expect(lifetime.state).to.equal('stopping');
    await clock.advance('2999ms');
    expect(diary).to.not.include('stop a');
    await settled(stopping);
    expect(diary).to.include('stop a');
  });

  it('does not wait when it hurries, nor when a worker was lost', async () => {
    for (const hurried of [true, false]) {
      clock = new VirtualClock();
      lifetime = new DrivenLifetime(clock);
      const lifecycle = lifecycleOf({ a: {} }, { delayMs: 3_000 });
      await settled(lifecycle.start());
      const stopping = lifecycle.stop(hurried ? asked : { kind: 'worker-lost', worker: 'a', error: new Error('x') });
      if (hurried) lifecycle.hurry();
      await clock.advance('1ms');
      expect((await stopping).durationMs).to.be.lessThan(10);
    }
  });

  it('refuses a second start', async () => {
    const lifecycle = lifecycleOf({ a: {} });
    await settled(lifecycle.start());
    expect(await messageOf(lifecycle.start())).to.include('cannot start: it is running');
  });

  it('knows when each participant was told to start and when it was ready', async () => {
    const lifecycle = lifecycleOf({ a: { start: 100 }, b: { needs: ['a'] } });
    await settled(lifecycle.start());
    const [a, b] = lifecycle.startTimeline();
    expect(a).to.deep.equal({ worker: 'a', constructedMs: 0, startedMs: 0, readyMs: 100, waitedFor: [] });
    expect(b).to.deep.include({ worker: 'b', startedMs: 0, waitedFor: ['a'] });
    expect(b?.readyMs).to.be.within(100, 105);
  });

  it('draws its start at debug level, also one that failed', async () => {
    const lifecycle = lifecycleOf({ a: { start: 100 }, b: { needs: ['a'], start: 'throw' } });
    await messageOf(lifecycle.start());
    const lines = log.lines.filter(({ level }) => level === 'debug').map(({ message }) => message);
    expect(lines[0]).to.match(/^the start has failed after \d+ ms$/);
    expect(lines[1]).to.match(/^ {2}a \|\.+ *\| constructed at 0, started at 0, ready at 100 ms$/);
    expect(lines[2]).to.match(/^ {2}b \|\.+\| constructed at 0, started at 0, not ready, needs a$/);
  });

  it('counts its uptime from the order to start', async () => {
    const lifecycle = lifecycleOf({ a: {} });
    await clock.advance('5s');
    expect(lifecycle.uptimeMs).to.equal(0);
    await lifecycle.start();
    await clock.advance('3s');
    expect(lifecycle.uptimeMs).to.equal(3_000);
  });

  it('lets nobody who drains hold up a hurried stop, and keeps the order and the reports', async () => {
    const lifecycle = lifecycleOf({ a: { stopMs: 800 }, b: { needs: ['a'], stopMs: 400 } });
    await settled(lifecycle.start());
    const stopping = lifecycle.stop(asked);
    await clock.advance('10ms');
    lifecycle.hurry();
    const report = await settled(stopping);
    expect(diary.filter((line) => line.startsWith('stop '))).to.deep.equal(['stop b', 'stop a']);
    expect(report.workers.map(({ worker, result }) => `${worker} ${result}`)).to.deep.equal([
      'b aborted',
      'a abandoned',
    ]);
    expect(report.durationMs).to.be.within(900, 910);
  });

  it('gives up a participant that never says how its stop went', async () => {
    const lifecycle = lifecycleOf({ a: {}, b: { needs: ['a'], stop: 'silent' } });
    await settled(lifecycle.start());
    const report = await settled(lifecycle.stop(asked));
    expect(report.workers.map(({ worker, result }) => `${worker} ${result}`)).to.deep.equal([
      'b abandoned',
      'a drained',
    ]);
    expect(report.exitCode).to.equal(4);
    expect(clock.pending()).to.equal(0);
  });

  it('leaves no outer part up that was coming up when it was told to stop', async () => {
    const slow: OuterPart = {
      ...outerPart('control'),
      start: async () => {
        await clock.sleep(1_000);
        diary.push('up control');
      },
    };
    const lifecycle = lifecycleOf({ a: {} }, { outer: [slow, outerPart('health')] });
    const starting = failureOf(lifecycle.start());
    await clock.advance('10ms');
    await settled(lifecycle.stop(asked));
    expect(await starting).to.include('told to stop while it started');
    expect(diary).to.deep.equal(['up control', 'down control']);
  });

  it('fails the start when an outer part does not come up in time, and names it', async () => {
    const stuck: OuterPart = { name: 'control', start: () => new Promise(() => undefined), stop: () => undefined };
    const lifecycle = lifecycleOf({ a: {} }, { outer: [stuck] });
    expect(await messageOf(lifecycle.start())).to.equal('control was not up after 1m');
    expect(lifetime.state).to.equal('failed');
  });

  it('stops the outer parts that are up when one of them throws in its start', async () => {
    const broken: OuterPart = { ...outerPart('health'), start: () => Promise.reject(new Error('no port')) };
    const lifecycle = lifecycleOf({ a: {} }, { outer: [outerPart('control'), broken] });
    expect(await messageOf(lifecycle.start())).to.equal('no port');
    expect(diary).to.deep.equal(['up control', 'down control']);
  });

  it('names whoever others wait for, also when it has started and is still at work', async () => {
    const lifecycle = lifecycleOf({ migrate: { ready: 'never' }, sync: { needs: ['migrate'] }, idle: {} });
    const message = await messageOf(lifecycle.start());
    expect(message).to.include('"migrate" is running; "sync" is waiting for migrate');
    expect(message).to.not.include('"idle"');
  });

  for (const [shape, hint] of [
    [{ a: { start: 'hang' }, idle: {} }, /^let start\(\) return when the worker is ready/],
    [{ a: { start: 'hang' }, b: { needs: ['a'] } }, /^look at the one that the others wait for/],
  ] as const)
    it(`says where to look when ${Object.keys(shape).join(' and ')} do not come up`, async () => {
      const failed = lifecycleOf(shape)
        .start()
        .catch((error: unknown) => error);
      expect(((await settled(failed)) as { hint?: string }).hint).to.match(hint);
    });

  it('takes a worker that is lost while it starts for the cause of a failed start', async () => {
    const lifecycle = lifecycleOf({ a: {}, b: { start: 'hang' } });
    const starting = failureOf(lifecycle.start());
    await clock.advance('1s');
    const report = await settled(lifecycle.stop({ kind: 'worker-lost', worker: 'a', error: new Error('a is gone') }));
    expect(await starting).to.equal('a is gone');
    expect(report).to.include({ exitCode: 1, reason: 'the start failed' });
  });

  it('has nothing to stop before it was started, and does not start after that', async () => {
    const lifecycle = lifecycleOf({ a: {} });
    const report = await settled(lifecycle.stop(asked));
    expect(report).to.deep.include({ exitCode: 0, workers: [], errors: [] });
    expect(lifetime.state).to.equal('stopped');
    expect(await messageOf(lifecycle.start())).to.include('cannot start: it is stopped');
    expect(diary).to.deep.equal([]);
  });

  it('warns of those who may take longer to stop than there is time', async () => {
    const lifecycle = lifecycleOf({ a: {}, b: { needs: ['a'] } }, { timeoutMs: 2_900 });
    await settled(lifecycle.start());
    expect(log.lines.find(({ level }) => level === 'warn')?.message).to.equal(
      'stopping b, then a may take 3s, and plba.shutdown.timeout is 2.9s: the last of them will be cut short',
    );
  });

  it('lets others have a turn while thousands start, and tells nobody more to start once one has failed', async () => {
    const crowd = Array.from({ length: 2_000 }, (_, i): [string, Behaviour] => [
      `w${i}`,
      i === 300 ? { start: 'throw' } : {},
    ]);
    const lifecycle = lifecycleOf(Object.fromEntries(crowd));
    let told = 0;
    void clock.yield().then(() => (told = diary.length));
    expect(await failureOf(settled(lifecycle.start()))).to.equal('w300 is broken');
    expect(told).to.be.within(1, 299);
    expect(diary).to.include('start w300').and.not.include('start w1999');
    expect(lifetime.state).to.equal('failed');
  });

  it('lets others have a turn while thousands stop, and tells all of them', async () => {
    const crowd = Array.from({ length: 2_000 }, (_, i): [string, Behaviour] => [`w${i}`, {}]);
    const lifecycle = lifecycleOf(Object.fromEntries(crowd));
    await settled(lifecycle.start());
    diary.length = 0;
    let told = 0;
    const stopping = lifecycle.stop(asked);
    void clock.yield().then(() => (told = diary.length));
    const report = await settled(stopping);
    expect(told).to.be.within(1, 999);
    expect(report.workers).to.have.length(2_000);
    expect(report.exitCode).to.equal(0);
  });

  it('starts and stops a chain of a thousand', async () => {
    const chain = Array.from({ length: 1_000 }, (_, i): [string, Behaviour] => [
      `w${i}`,
      { needs: i === 0 ? [] : [`w${i - 1}`] },
    ]);
    const lifecycle = lifecycleOf(Object.fromEntries(chain));
    await settled(lifecycle.start());
    const report = await settled(lifecycle.stop(asked));
    expect(report.workers.map(({ worker }) => worker)).to.deep.equal(chain.map(([name]) => name).reverse());
  });
});
