import { expect } from 'chai';
import type { Clock } from '../../../src/contracts/clock.js';
import { describeStall, LoopWatch, type SuspectRun } from '../../../src/health/loop-watch.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import { fakeLogger } from '../../fakes/fake-logger.js';

/** A loop watch on a clock whose loop a test can block. */
function stage(runs: readonly SuspectRun[] = [], isStarting = () => false) {
  const clock = new VirtualClock();
  let blockedMs = 0;
  const real: Clock = {
    now: () => clock.now() + blockedMs,
    monotonic: () => clock.monotonic() + blockedMs,
    setTimer: (delayMs, callback, options) => clock.setTimer(delayMs, callback, options),
    sleep: (delayMs, signal) => clock.sleep(delayMs, signal),
    yield: () => clock.yield(),
  };
  const log = fakeLogger();
  const asked: [number, number][] = [];
  let beats = 0;
  const watch = new LoopWatch({
    clock: real,
    log,
    runsBetween: (fromMs, toMs) => {
      asked.push([fromMs, toMs]);
      return runs;
    },
    isStarting,
    onBeat: () => beats++,
  });
  const block = async (ms: number): Promise<void> => {
    blockedMs += ms;
    await clock.advance('250ms');
  };
  return { clock, watch, log, asked, block, beats: () => beats };
}

describe('the watch over the event loop', () => {
  it('says nothing of a loop that turns, and beats', async () => {
    const { clock, watch, log, beats } = stage();
    watch.start();
    await clock.advance('10s');
    watch.stop();
    expect(log.lines).to.deep.equal([]);
    expect([watch.stalls, watch.blockedMs, beats()]).to.deep.equal([0, 0, 41]);
    expect(clock.pendingTimers()).to.deep.equal([]);
  });

  it('takes less than a second for a busy moment', async () => {
    const { watch, log, block } = stage();
    watch.start();
    await block(999);
    watch.stop();
    expect(log.lines).to.deep.equal([]);
  });

  it('reports for how long, in which run, and counts', async () => {
    const { watch, log, asked, block, clock } = stage([{ worker: 'invoice-sync', runId: '8f2-1', overlapMs: 4_100 }]);
    watch.start();
    await clock.advance('1s');
    await block(4_200);
    await block(1_000);
    watch.stop();
    expect(log.lines.map(({ message }) => message)).to.deep.equal([
      'the event loop was blocked for 4.2s in run 8f2-1 of invoice-sync',
      'the event loop was blocked for 1s in run 8f2-1 of invoice-sync',
    ]);
    expect(log.lines[0]?.fields).to.include({ blockedMs: 4_200, worker: 'invoice-sync', runId: '8f2-1' });
    expect([watch.stalls, watch.blockedMs]).to.deep.equal([2, 5_200]);
    expect(asked[0]).to.deep.equal([1_000, 5_450]);
  });

  it('counts it while the application starts, and is quiet about it unless a run was in progress', async () => {
    let isStarting = true;
    const { watch, log, block } = stage([], () => isStarting);
    watch.start();
    await block(4_000);
    expect(log.lines.map(({ level }) => level)).to.deep.equal(['debug']);
    isStarting = false;
    await block(4_000);
    expect(log.lines.at(-1)?.level, 'what began while it started').to.equal('debug');
    await block(4_000);
    watch.stop();
    expect(log.lines.at(-1)?.level).to.equal('warn');
    expect(watch.stalls).to.equal(3);
    const other = stage([{ worker: 'a', runId: 'a-1', overlapMs: 4_000 }], () => true);
    other.watch.start();
    await other.block(4_000);
    other.watch.stop();
    expect(other.log.lines.map(({ level }) => level)).to.deep.equal(['warn']);
  });

  it('suspects nobody who was at work for a small part of it only', async () => {
    const { watch, log, block } = stage([{ worker: 'quick', runId: '1-1', overlapMs: 300 }]);
    watch.start();
    await block(4_000);
    watch.stop();
    expect(log.lines[0]?.message).to.equal('the event loop was blocked for 4s');
    expect(log.lines[0]?.fields).not.to.have.property('worker');
  });

  it('names several where it cannot know, and accuses none of them', () => {
    const suspects = ['a', 'b', 'c', 'd', 'e'].map((worker) => ({ worker, runId: `${worker}-1`, overlapMs: 1 }));
    expect(describeStall({ blockedMs: 4_200, cpuMs: 0, suspects })).to.equal(
      'the event loop was blocked for 4.2s while these were in progress: run a-1 of a, run b-1 of b, run c-1 of c and 2 more',
    );
  });

  it('keeps no process alive', () => {
    const { clock, watch } = stage();
    watch.start();
    watch.start();
    expect(clock.pendingTimers().map(({ keepAlive }) => keepAlive)).to.deep.equal([false]);
    watch.stop();
  });
});
