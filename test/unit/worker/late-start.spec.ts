import { expect } from 'chai';
import type { WorkerOptions } from '../../../src/contracts/worker-options.js';
import type { WorkerContext } from '../../../src/contracts/worker.js';
import { PlbaError } from '../../../src/errors.js';
import { moveTimeUntil } from '../../../src/testing/move-time.js';
import { every } from '../../../src/worker/triggers.js';
import { deferred, HandWorker, never, supervise } from '../../fakes/supervision.js';

const budget = { drainMs: 5_000, abortMs: 2_000 };

/** A worker that is up, and whose next start does what `again` does. The limit is a minute. */
async function startedOnce(
  again: (context: WorkerContext) => void | Promise<void>,
  options: Partial<WorkerOptions> = {},
) {
  const hand = new HandWorker();
  const s = await supervise([[hand, options]]);
  await s.worker().start();
  hand.onStart = again;
  const fail = async (): Promise<void> => {
    hand.context!.fail(new Error('connection lost'));
    await s.clock.advance('1s'); // its backoff
  };
  return { ...s, hand, fail, it: s.worker() };
}

const untilAborted = ({ clock, signal }: WorkerContext): Promise<void> => clock.sleep(3_600_000, signal);

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'resolved',
    (error: unknown) => (error instanceof PlbaError ? error.code : error),
  );

describe('a worker that starts later than the application', () => {
  it('is told to give up after plba.start.timeout, and follows its restart policy', async () => {
    const s = await startedOnce(untilAborted, { restart: { max: 2, within: '1h' } });
    await s.fail();
    await s.clock.advance('59s');
    expect(s.it.state).to.equal('starting');
    await s.clock.advance('1s');
    expect(s.it.state).to.equal('backing-off');
    expect(s.it.error).to.include({
      code: 'START_TIMED_OUT',
      message: 'worker "w" was not ready after 1m: its start() has not returned',
    });
    await s.clock.advance('10m');
    expect(s.it.state).to.equal('failed');
    expect(s.it.error).to.include({ code: 'WORKER_LOST' });
    expect(s.it.restarts).to.equal(2);
    expect(s.lost).to.have.length(1);
    expect(s.clock.pending()).to.equal(0);
  });

  it('is not taken for started when its start() comes back because of that: it is stopped before it is started again', async () => {
    const s = await startedOnce(untilAborted);
    await s.fail();
    await s.clock.advance('1m');
    s.hand.onStart = () => undefined;
    await s.clock.advance('10s');
    expect(s.it.state).to.equal('running');
    expect(s.hand.calls).to.deep.equal(['start', 'stop by force', 'start', 'stop by force', 'start']);
    expect(s.hand.overlapped).to.equal(false);
  });

  it('has nothing to stop when its start() throws because of that', async () => {
    const s = await startedOnce(async (context) => {
      await untilAborted(context);
      throw new Error('interrupted');
    });
    await s.fail();
    s.hand.onStart = () => undefined;
    const { context } = s.hand;
    await s.clock.advance('2m');
    expect(context!.signal.aborted).to.equal(true);
    expect(s.it.state).to.equal('running');
    expect(s.hand.calls).to.deep.equal(['start', 'stop by force', 'start', 'start']);
  });

  it('is lost when its start() does not return even then, and is not started on top of it', async () => {
    const s = await startedOnce(never);
    await s.fail();
    await s.clock.advance('1m');
    await s.clock.advance('2s');
    expect(s.it.state).to.equal('failed');
    expect(s.it.error!.message).to.equal('worker "w" is lost: it has left something open: start() has not returned');
    expect(s.it.error!.causes).to.deep.equal(['worker "w" was not ready after 1m: its start() has not returned']);
    expect(s.lost).to.have.length(1);
    expect(s.it.actions, 'what would be refused').to.deep.equal([]);
    expect(await codeOf(s.it.start())).to.equal('WORKER_CONFLICT');
    expect(await s.it.stop(budget)).to.include({ result: 'abandoned', open: 'start() has not returned' });
    expect(s.hand.calls).to.deep.equal(['start', 'stop by force', 'start']);
    expect(s.clock.pending()).to.equal(0);
  });

  it('is stopped at once when its start() returns long after that, and can be started from then on', async () => {
    const ready = deferred();
    let runs = 0;
    const again = async (context: WorkerContext): Promise<void> => {
      await ready.promise;
      context.drive(() => {
        runs++;
      });
    };
    const s = await startedOnce(again, { trigger: every('1s', { immediately: true }) });
    await s.fail();
    await s.clock.advance('10m');
    ready.resolve();
    await s.clock.advance('1m');
    expect(s.hand.calls).to.deep.equal(['start', 'stop by force', 'start', 'stop by force']);
    expect(s.hand.overlapped).to.equal(false);
    expect(s.it.state).to.equal('failed');
    expect(runs).to.equal(0);
    s.hand.onStart = () => undefined;
    expect(s.it.actions).to.deep.equal(['start']);
    await s.it.start();
    expect(s.it.state).to.equal('running');
  });

  for (const action of ['start', 'restart', 'resume'] as const) {
    it(`answers the ${action} of an operator with that, and has failed`, async () => {
      const s = await startedOnce(untilAborted);
      if (action === 'start') await s.it.stop(budget);
      if (action === 'resume') await s.it.pause('ada');
      const answered = codeOf(action === 'restart' ? s.it.restart(budget) : s.it[action]());
      expect(await moveTimeUntil(s.clock, answered)).to.equal('START_TIMED_OUT');
      expect(s.clock.monotonic()).to.equal(60_000);
      expect(s.it.state).to.equal('failed');
      expect(s.it.error).to.include({ code: 'START_TIMED_OUT' });
      expect(s.lost).to.deep.equal([]);
      expect(s.lines.filter(({ level }) => level === 'error').map(({ message }) => message)).to.deep.equal([
        'worker "w" was not ready after 1m: its start() has not returned',
      ]);
      s.hand.onStart = () => undefined;
      await s.it.start();
      expect(s.it.state).to.equal('running');
    });
  }

  it('answers the start of an operator with that when it backs off, and follows its restart policy: it was its pending restart', async () => {
    const s = await startedOnce(untilAborted);
    s.hand.context!.fail(new Error('connection lost'));
    await s.clock.advance(0);
    expect(s.it.state).to.equal('backing-off');
    expect(await moveTimeUntil(s.clock, codeOf(s.it.start()))).to.equal('START_TIMED_OUT');
    expect(s.clock.monotonic()).to.equal(60_000);
    expect(s.it.state).to.equal('backing-off');
    expect(s.it.error).to.include({ code: 'START_TIMED_OUT' });
    s.hand.onStart = () => undefined;
    await s.clock.advance('10s');
    expect(s.it.state).to.equal('running');
    expect(s.it.restarts).to.equal(2);
  });

  it('has the same limit when it comes back because what it needs is ready again', async () => {
    const db = new HandWorker();
    const hand = new HandWorker();
    const s = await supervise([
      [hand, { needs: ['db'], critical: false, restart: { on: 'never' } }],
      [db, { name: 'db' }],
    ]);
    await Promise.all([s.worker().start(), s.worker('db').start()]);
    hand.onStart = untilAborted;
    await s.worker('db').stop(budget);
    await s.clock.advance('1h');
    expect(s.worker().state).to.equal('waiting');
    await s.worker('db').start();
    await s.clock.advance('59s');
    expect(s.worker().state).to.equal('starting');
    await s.clock.advance('1s');
    expect(s.worker().state).to.equal('failed');
    expect(s.worker().error!.message).to.equal('worker "w" is lost: restart.on is "never"');
  });

  it('is broken off by a stop as before', async () => {
    const s = await startedOnce(untilAborted);
    await s.fail();
    await s.clock.advance('30s');
    expect(await s.it.stop(budget)).to.include({ result: 'aborted', durationMs: 0 });
    await s.clock.advance('1h');
    expect(s.it.state).to.equal('stopped');
    expect(s.hand.calls).to.deep.equal(['start', 'stop by force', 'start', 'stop by force']);
    expect(s.clock.pending()).to.equal(0);
  });

  it('is stopped for good by a stop while its start is given up', async () => {
    const ready = deferred();
    const s = await startedOnce(() => ready.promise);
    await s.fail();
    await s.clock.advance('61s');
    const stopped = s.it.stop(budget);
    ready.resolve();
    expect(await stopped).to.include({ result: 'failed' });
    await s.clock.advance('1h');
    expect(s.it.state).to.equal('stopped');
    expect(s.hand.calls).to.deep.equal(['start', 'stop by force', 'start', 'stop by force']);
    expect(s.clock.pending()).to.equal(0);
  });
});
