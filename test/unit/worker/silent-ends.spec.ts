import { expect } from 'chai';
import type { Outcome } from '../../../src/contracts/outcome.js';
import type { SteerableWorker, WorkerContext } from '../../../src/contracts/worker.js';
import type { WorkerOptions } from '../../../src/contracts/worker-options.js';
import { PlbaError } from '../../../src/errors.js';
import { moveTimeUntil } from '../../../src/testing/move-time.js';
import { idle } from '../../../src/worker/outcomes.js';
import { RoutineWorker } from '../../../src/worker/routine-worker.js';
import { every } from '../../../src/worker/triggers.js';
import {
  HandWorker,
  deferred,
  never,
  routine,
  supervise,
  type Deferred,
  type Supervision,
} from '../../fakes/supervision.js';

const warnings = ({ lines }: Supervision): string[] =>
  lines.filter(({ level }) => level === 'warn').map(({ message }) => message);

const budget = { drainMs: 5_000, abortMs: 2_000 };

/** A worker by hand whose work is a promise that the test settles, one for each start. */
async function watched(options: Partial<WorkerOptions> = {}) {
  const hand = new HandWorker();
  const works: Deferred[] = [];
  hand.onStart = (context) => {
    const work = deferred();
    works.push(work);
    context.watch(work.promise);
  };
  const s = await supervise([[hand, options]]);
  await s.worker().start();
  return { ...s, hand, it: s.worker(), work: () => works.at(-1)! };
}

describe('a worker that ends without a word', () => {
  describe('because the work that it has watched over is over', () => {
    it('is restarted when that has failed, and says why', async () => {
      const s = await watched();
      s.work().reject(new Error('connection lost'));
      await s.clock.advance(0);
      expect(s.it.state).to.equal('backing-off');
      expect(s.it.error).to.include({ message: 'connection lost' });
      expect(s.hand.calls).to.deep.equal(['start', 'stop by force']);
      await s.clock.advance('1s');
      expect(s.it.state).to.equal('running');
      expect(s.it.restarts).to.equal(1);
    });

    it('is restarted also when that has come to a good end of which nobody has said that it is one', async () => {
      const s = await watched();
      s.work().resolve();
      await s.clock.advance(0);
      expect(s.it.state).to.equal('backing-off');
      expect(s.it.error).to.include({ code: 'WORKER_ENDED' });
      expect(s.lines.some(({ level, message }) => level === 'warn' && message.includes('has failed'))).to.equal(true);
    });

    it('has completed when it says so at that end', async () => {
      const s = await watched();
      void s.work().promise.then(() => {
        s.hand.context!.complete();
      });
      s.work().resolve();
      await s.clock.advance(0);
      expect(s.it.state).to.equal('completed');
    });

    it('is heard of once, however many works it has', async () => {
      const s = await watched();
      s.hand.context!.watch(Promise.reject(new Error('first')));
      s.work().reject(new Error('second'));
      await s.clock.advance(0);
      expect(s.it.error).to.include({ message: 'first' });
      await s.clock.advance('10s');
      expect(s.it.restarts).to.equal(1);
    });

    it('is no event once it is told to stop, which waits for that end', async () => {
      const s = await watched();
      const stopped = s.it.stop(budget);
      await s.clock.advance('3s');
      expect(s.it.state).to.equal('stopping');
      s.work().resolve();
      expect(await stopped).to.deep.equal({ worker: 'w', result: 'drained', durationMs: 3_000 });
      expect(s.clock.pending()).to.equal(0);
    });

    it('fails its stop when that work fails before it is told to abort, and not after', async () => {
      const early = await watched();
      const failing = early.it.stop(budget);
      early.work().reject(new Error('the last page was not written'));
      expect(await failing).to.deep.include({ result: 'failed' });
      expect((await failing).error).to.include({ message: 'the last page was not written' });

      const late = await watched();
      const { signal } = late.hand.context!;
      signal.addEventListener('abort', () => {
        late.work().reject(signal.reason);
      });
      const report = await moveTimeUntil(late.clock, late.it.stop(budget));
      expect(report).to.deep.equal({ worker: 'w', result: 'aborted', durationMs: 5_000 });
    });

    it('is abandoned when that work does not end, and not started on top of it', async () => {
      const s = await watched();
      const report = await moveTimeUntil(s.clock, s.it.stop(budget));
      expect(report).to.include({ result: 'abandoned', open: 'the work that it has watched over' });
      const error: unknown = await s.it.start().catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(PlbaError).with.property('code', 'WORKER_CONFLICT');
      s.work().resolve();
      await s.clock.advance(0);
      await s.it.start();
      expect(s.it.state).to.equal('running');
    });

    it('is heard when its stop() throws at the same time: both have ended before it is started again', async () => {
      const s = await watched();
      const end = deferred();
      s.hand.onStop = async () => {
        await end.promise;
        throw new Error('cannot close');
      };
      s.work().reject(new Error('connection lost'));
      await s.clock.advance('1s');
      expect(s.it.state).to.equal('stopping');
      end.resolve();
      await s.clock.advance(0);
      expect(s.it.state).to.equal('backing-off');
      expect(s.hand.overlapped).to.equal(false);
    });
  });

  it('is restarted when it stops its own runs', async () => {
    const worker = routine((_, run) => {
      if (run === 1) void worker.stop();
      return idle();
    });
    const s = await supervise([[worker, { trigger: every('1s') }]]);
    await s.worker().start();
    await s.clock.advance('2s');
    expect(s.worker().state).to.equal('backing-off');
    expect(s.worker().error).to.include({ code: 'WORKER_ENDED' });
    await s.clock.advance('2s');
    expect(s.worker().state).to.equal('running');
    expect(worker.beganMs).to.deep.equal([1_000, 2_000, 4_000]);
  });

  it('has completed when it stops its own runs and says that it is done', async () => {
    const hand = new HandWorker();
    hand.onStart = (context) => {
      const loop = context.drive(() => {
        void loop.stop().then(() => {
          context.complete();
        });
      });
    };
    const s = await supervise([[hand, { trigger: every('1s') }]]);
    await s.worker().start();
    await s.clock.advance('1s');
    expect(s.worker().state).to.equal('completed');
  });

  it('is overdue when it holds its own runs', async () => {
    const worker = routine((_, run) => {
      if (run === 1) worker.pause();
      return idle();
    });
    const s = await supervise([[worker, { trigger: every('1s') }]]);
    await s.worker().start();
    await s.clock.advance('7s');
    expect(s.worker().health()).to.deep.equal({ status: 'ok' });
    await s.clock.advance('1s');
    expect(s.worker().health()).to.deep.include({
      status: 'degraded',
      reason: 'no run for 6s, and none is planned: the schedule stands still',
    });
    await s.worker().pause('ada');
    await s.worker().resume();
    expect(s.worker().health()).to.deep.equal({ status: 'ok' });
    await s.clock.advance('3s');
    expect(worker.beganMs).to.deep.equal([1_000, 2_000, 8_000, 9_000, 10_000, 11_000]);
  });
});

describe('a worker that is held and answers with a promise', () => {
  class Slow extends HandWorker implements SteerableWorker {
    held = deferred();
    gone = deferred();

    pause(): Promise<void> {
      return this.held.promise;
    }

    resume(): Promise<void> {
      return this.gone.promise;
    }

    runNow(): Promise<never> {
      return never();
    }
  }

  async function slow() {
    const hand = new Slow();
    const s = await supervise([[hand]]);
    await s.worker().start();
    return { ...s, hand, it: s.worker() };
  }

  it('is paused once that has resolved, and goes on likewise', async () => {
    const s = await slow();
    const paused = s.it.pause('ada');
    await s.clock.advance(0);
    expect(s.it.state).to.equal('running');
    s.hand.held.resolve();
    await paused;
    expect(s.it.state).to.equal('paused');
    const resumed = s.it.resume();
    await s.clock.advance(0);
    expect(s.it.state).to.equal('paused');
    s.hand.gone.resolve();
    await resumed;
    expect(s.it.state).to.equal('running');
  });

  it('is not paused when that rejects, and says why', async () => {
    const s = await slow();
    s.hand.held.reject(new Error('the broker does not listen'));
    const error: unknown = await s.it.pause('ada').catch((thrown: unknown) => thrown);
    expect(error).to.have.property('message', 'the broker does not listen');
    expect(s.it.state).to.equal('running');
  });

  it('can be stopped at once while it does not come back', async () => {
    const s = await slow();
    const paused = s.it.pause('ada').catch((thrown: unknown) => thrown);
    await s.clock.advance(0);
    expect(await s.it.stop(budget)).to.include({ result: 'drained', durationMs: 0 });
    expect(await paused).to.have.property('code', 'WORKER_CONFLICT');
    expect(s.it.state).to.equal('stopped');
  });
});

describe('a RoutineWorker whose own start() has not been called', () => {
  class Forgetful extends RoutineWorker {
    override start(): void {
      // It has something to get ready, and leaves it at that.
    }

    protected override run(): Promise<Outcome> {
      return Promise.resolve(idle());
    }
  }
  const startless = { status: 'unhealthy', reason: 'nothing runs: start() of RoutineWorker has not been called' };

  it('is unhealthy from the beginning and says so, because that of its subclass forgets it', async () => {
    const s = await supervise([[new Forgetful(), { trigger: every('1s') }]]);
    await s.worker().start();
    expect(await s.worker().health()).to.deep.equal(startless);
  });

  it('says the same when it is asked before it is started', () => {
    expect(routine().health()).to.deep.equal(startless);
  });

  it('is warned of in every life, since a later one has the health of its runs before', async () => {
    let forgets = false;
    class Forgetting extends RoutineWorker {
      override start(context: WorkerContext): void | Promise<void> {
        return forgets ? undefined : super.start(context);
      }

      protected override run(): Promise<Outcome> {
        return Promise.resolve(idle());
      }
    }
    const s = await supervise([[new Forgetting()]]);
    await s.worker().start();
    expect(warnings(s)).to.deep.equal([]);
    forgets = true;
    await s.worker().restart(budget);
    expect(warnings(s)).to.deep.equal([
      'worker "w" is up, and nothing makes it run: start() of RoutineWorker has not been called',
    ]);
  });
});

describe('a worker by hand', () => {
  it('is warned of when it has a trigger and does not drive by it', async () => {
    const s = await supervise([[new HandWorker(), { trigger: every('1s') }]]);
    await s.worker().start();
    expect(warnings(s)).to.deep.equal([
      'worker "w" is up, and its trigger makes nothing run: its start() has not called context.drive()',
    ]);
  });

  it('is not when it has none, drives, or is done at once', async () => {
    const without = await supervise([[new HandWorker()]]);
    await without.worker().start();
    const hand = new HandWorker();
    hand.onStart = (context) => void context.drive(() => idle());
    const driving = await supervise([[hand, { trigger: every('1s') }]]);
    await driving.worker().start();
    const done = new HandWorker();
    done.onStart = (context) => {
      context.complete();
    };
    const completing = await supervise([[done, { trigger: every('1s') }]]);
    await completing.worker().start();
    expect([without, driving, completing].flatMap(warnings)).to.deep.equal([]);
  });
});
