import { expect } from 'chai';
import type { WorkerOptions } from '../../../src/contracts/worker-options.js';
import { PlbaError } from '../../../src/errors.js';
import { moveTimeUntil } from '../../../src/testing/move-time.js';
import { failed, fatal, worked, idle } from '../../../src/worker/outcomes.js';
import { every, once } from '../../../src/worker/triggers.js';
import { HandWorker, deferred, never, routine, supervise } from '../../fakes/supervision.js';

const budget = { drainMs: 5_000, abortMs: 2_000 };

async function hand(options: Partial<WorkerOptions> = {}, arrange: (worker: HandWorker) => void = () => undefined) {
  const worker = new HandWorker();
  arrange(worker);
  const supervision = await supervise([[worker, options]]);
  return { ...supervision, hand: worker, it: supervision.worker() };
}

async function startedHand(
  options: Partial<WorkerOptions> = {},
  arrange: (worker: HandWorker) => void = () => undefined,
) {
  const s = await hand(options, arrange);
  await s.it.start();
  return s;
}

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'resolved',
    (error: unknown) => (error instanceof PlbaError ? error.code : error),
  );

/** Does not drain; both calls of stop() resolve once it is told to abort. */
function giveUpByForce(worker: HandWorker): void {
  const aborted = deferred();
  worker.onStop = (force) => {
    if (force) aborted.resolve();
    return aborted.promise;
  };
}

describe('a supervised worker', () => {
  describe('that starts', () => {
    it('is running once its start() has resolved, not before', async () => {
      const ready = deferred();
      const s = await hand({}, (worker) => (worker.onStart = () => ready.promise));
      const started = s.it.start();
      await s.clock.advance('10m');
      expect(s.it.state).to.equal('starting');
      ready.resolve();
      await started;
      expect(s.states).to.deep.equal(['w starting', 'w running']);
    });

    it('does nothing when it is told to start twice', async () => {
      const s = await hand();
      await Promise.all([s.it.start(), s.it.start()]);
      await s.it.start();
      expect(s.hand.calls).to.deep.equal(['start']);
    });

    it('has failed when its start() throws, which stop() is not called for', async () => {
      const s = await hand({}, (worker) => {
        worker.onStart = () => {
          throw new Error('no route');
        };
      });
      const error: unknown = await s.it.start().catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(PlbaError).with.property('code', 'WORKER_START_FAILED');
      expect((error as PlbaError).message).to.equal('worker "w" of module "test" did not start');
      expect(s.it.state).to.equal('failed');
      expect(s.it.error!.causes).to.deep.equal(['no route']);
      expect(s.hand.calls).to.deep.equal(['start']);
      expect(await s.it.stop(budget)).to.deep.include({ result: 'failed' });
      expect(s.hand.calls).to.deep.equal(['start']);
    });

    it('leaves no runs behind when its start() throws after it has begun to drive them', async () => {
      const runs: number[] = [];
      const s = await hand({ trigger: every('1s', { immediately: true }) }, (worker) => {
        worker.onStart = async (context) => {
          context.drive(() => {
            runs.push(context.clock.monotonic());
          });
          await context.clock.sleep(2_500);
          throw new Error('no route');
        };
      });
      const code = codeOf(s.it.start());
      await s.clock.advance('1m');
      expect(await code).to.equal('WORKER_START_FAILED');
      expect(runs).to.deep.equal([0, 1_000, 2_000]);
      expect(s.clock.pending()).to.equal(0);
    });

    it('can be started again after it failed', async () => {
      const s = await hand({}, (worker) => {
        worker.onStart = () => {
          if (worker.calls.length === 1) throw new Error('no route');
        };
      });
      await codeOf(s.it.start());
      await s.it.start();
      expect(s.it.state).to.equal('running');
      expect(s.it.error).to.equal(undefined);
    });
  });

  describe('that needs others', () => {
    it('waits for them, says for whom, and starts as soon as they are ready', async () => {
      const ready = deferred();
      const db = new HandWorker();
      db.onStart = () => ready.promise;
      const s = await supervise([
        [new HandWorker(), { needs: ['db', 'mailbox'] }],
        [db, { name: 'db' }],
      ]);
      const started = Promise.all([s.worker().start(), s.worker('db').start()]);
      await s.clock.advance('1m');
      expect(s.worker().state).to.equal('waiting');
      expect(s.worker().waitingFor).to.deep.equal(['db', 'mailbox']);
      ready.resolve();
      await s.clock.advance('1m');
      expect(s.worker().waitingFor).to.deep.equal(['mailbox']);
      s.readyContributors.add('mailbox');
      s.supervisor.prerequisiteChanged();
      await started;
      expect(s.worker().state).to.equal('running');
      expect(s.worker().waitingFor).to.deep.equal([]);
    });

    it('tells when it waits for others than before', async () => {
      const ready = deferred();
      const db = new HandWorker();
      db.onStart = () => ready.promise;
      const s = await supervise([
        [new HandWorker(), { needs: ['db', 'mailbox'] }],
        [db, { name: 'db' }],
      ]);
      s.worker()
        .start()
        .catch(() => undefined);
      const started = s.worker('db').start();
      await s.clock.advance(0);
      const waitingFor: unknown[] = [];
      s.supervisor.onChange((worker) => {
        if (worker.name === 'w') waitingFor.push(worker.waitingFor);
      });
      ready.resolve();
      await started;
      await s.clock.advance(0);
      expect(waitingFor).to.deep.equal([['mailbox']]);
      await s.worker().stop(budget);
    });

    it('waits for a "once" worker until that has done its work', async () => {
      const migration = deferred();
      const s = await supervise([
        [new HandWorker(), { needs: ['migrate'] }],
        [routine(() => migration.promise.then(() => worked())), { name: 'migrate', trigger: once() }],
      ]);
      const started = Promise.all([s.worker().start(), s.worker('migrate').start()]);
      await s.clock.advance('1m');
      expect([s.worker().state, s.worker('migrate').state]).to.deep.equal(['waiting', 'running']);
      migration.resolve();
      await started;
      expect(s.worker().state).to.equal('running');
    });

    it('is stopped at once while it waits, and nothing is called', async () => {
      const s = await hand({ needs: ['mailbox'] });
      const started = codeOf(s.it.start());
      await s.clock.advance('1m');
      const report = await s.it.stop(budget);
      expect(report).to.deep.equal({ worker: 'w', result: 'not-started', durationMs: 0 });
      expect(await started).to.equal('START_ABORTED');
      expect(s.hand.calls).to.deep.equal([]);
      expect(s.states).to.deep.equal(['w waiting', 'w stopped']);
      s.readyContributors.add('mailbox');
      s.supervisor.prerequisiteChanged();
      await s.clock.advance('1m');
      expect(s.it.state).to.equal('stopped');
    });

    it('burns no restarts while it waits', async () => {
      const s = await hand({ needs: ['mailbox'] });
      s.readyContributors.add('mailbox');
      await s.it.start();
      s.readyContributors.clear();
      s.hand.context!.fail(new Error('connection lost'));
      await s.clock.advance('10m');
      expect(s.it.state).to.equal('waiting');
      expect(s.it.restarts).to.equal(0);
      s.readyContributors.add('mailbox');
      s.supervisor.prerequisiteChanged();
      await s.clock.advance(0);
      expect(s.it.state).to.equal('running');
      expect(s.it.restarts).to.equal(1);
    });

    it('starts in a chain of thousands without asking each one after each start', async () => {
      const length = 2_000;
      const s = await supervise(
        Array.from({ length }, (_, at) => [
          new HandWorker(),
          { name: `w${at}`, needs: at === 0 ? [] : [`w${at - 1}`] },
        ]),
      );
      let woken = 0;
      s.supervisor.onChange(({ state }) => {
        if (state === 'waiting') woken++;
      });
      await Promise.all(s.supervisor.workers.toReversed().map((worker) => worker.start()));
      expect(s.supervisor.workers.every(({ state }) => state === 'running')).to.equal(true);
      expect(woken).to.be.at.most(length);
    });
  });

  describe('that is stopped', () => {
    it('drains: no new runs, the one in progress finishes', async () => {
      const worker = routine(async (context) => {
        await context.sleep('4s');
        return worked();
      });
      const s = await supervise([[worker]]);
      await s.worker().start();
      await s.clock.advance('1s');
      const stopped = s.worker().stop(budget);
      expect(await moveTimeUntil(s.clock, stopped)).to.deep.equal({
        worker: 'w',
        result: 'drained',
        durationMs: 3_000,
      });
      expect(
        s
          .worker()
          .executor.ledger.records()
          .map(({ outcome }) => outcome),
      ).to.deep.equal(['worked']);
      expect(s.clock.pending()).to.equal(0);
    });

    it('is aborted when draining takes too long, and its run is told why', async () => {
      let reason: unknown;
      const worker = routine(async (context) => {
        await context.sleep('1h');
        reason = context.signal.reason;
        return worked();
      });
      const s = await supervise([[worker]]);
      await s.worker().start();
      await s.clock.advance('1s');
      const report = await moveTimeUntil(s.clock, s.worker().stop(budget));
      expect(report).to.deep.equal({ worker: 'w', result: 'aborted', durationMs: 5_000 });
      expect(reason).to.be.instanceOf(PlbaError).with.property('code', 'RUN_ABORTED');
      expect(s.clock.pending()).to.equal(0);
    });

    it('is abandoned when it does not give up either, and says what is open', async () => {
      const s = await supervise([[routine(never)]]);
      await s.worker().start();
      await s.clock.advance('1s');
      const run = s.worker().executor.current!.runId;
      const report = await moveTimeUntil(s.clock, s.worker().stop(budget));
      expect(report).to.deep.equal({ worker: 'w', result: 'abandoned', durationMs: 7_000, open: `run ${run}` });
      expect(s.worker().state).to.equal('failed');
      expect(s.worker().error).to.include({ code: 'WORKER_LOST' });
      expect(s.clock.pending()).to.equal(0);
    });

    it('is not started on top of what it left open, and can be once that has ended', async () => {
      const end = deferred();
      const s = await startedHand({}, (worker) => (worker.onStop = () => end.promise));
      const report = await moveTimeUntil(s.clock, s.it.stop(budget));
      expect(report).to.include({ result: 'abandoned', open: 'stop() has not returned' });
      const error: unknown = await s.it.start().catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(PlbaError).with.property('code', 'WORKER_CONFLICT');
      expect(await s.it.stop(budget)).to.include({ result: 'abandoned' });
      end.resolve();
      await s.clock.advance(0);
      s.hand.onStop = () => undefined;
      await s.it.start();
      expect(s.it.state).to.equal('running');
      expect(s.hand.calls).to.deep.equal(['start', 'stop', 'stop by force', 'start']);
    });

    it('begins at abort by force', async () => {
      const s = await startedHand();
      expect(await s.it.stop(budget, true)).to.include({ result: 'aborted' });
      expect(s.hand.calls).to.deep.equal(['start', 'stop by force']);
      expect(s.hand.context!.signal.aborted).to.equal(true);
    });

    it('is aborted at once when a stop by force comes while it drains', async () => {
      const s = await startedHand({}, giveUpByForce);
      const first = s.it.stop(budget);
      await s.clock.advance('1s');
      const second = s.it.stop(budget, true);
      expect(await first).to.include({ result: 'aborted', durationMs: 1_000 });
      expect(await second).to.include({ result: 'not-started' });
    });

    it('is not started again as long as its first call of stop() could reach into the next life', async () => {
      const drained = deferred();
      const s = await startedHand({}, (worker) => (worker.onStop = (force) => (force ? undefined : drained.promise)));
      expect(await moveTimeUntil(s.clock, s.it.stop(budget))).to.include({ result: 'aborted' });
      expect(await codeOf(s.it.start())).to.equal('WORKER_CONFLICT');
      expect(await s.it.stop(budget)).to.include({ result: 'not-started' });
      drained.resolve();
      await s.clock.advance(0);
      await s.it.start();
      expect(s.it.state).to.equal('running');
    });

    it('is aborted when draining throws, and says so', async () => {
      const s = await startedHand({}, (worker) => {
        worker.onStop = (force) => {
          if (!force) throw new Error('cannot drain');
        };
      });
      const report = await s.it.stop(budget);
      expect(report.result).to.equal('aborted');
      expect(report.error).to.include({ message: 'cannot drain' });
      expect(s.it.state).to.equal('stopped');
    });

    it('has stopped also when aborting throws, and says so', async () => {
      const s = await startedHand({}, (worker) => {
        worker.onStop = () => {
          throw new Error('cannot stop');
        };
      });
      const report = await s.it.stop(budget);
      expect(report).to.deep.include({ result: 'failed', error: { name: 'Error', message: 'cannot stop' } });
      expect(s.it.state).to.equal('stopped');
    });

    it('ends the runs that its own stop() forgets', async () => {
      let runs = 0;
      const s = await startedHand({ trigger: every('1s') }, (worker) => {
        worker.onStart = (context) => {
          context.drive(() => {
            runs++;
          });
        };
      });
      await s.clock.advance('2s');
      await s.it.stop(budget);
      await s.clock.advance('10s');
      expect(runs).to.equal(2);
      expect(s.clock.pending()).to.equal(0);
    });

    it('waits for the run that a hand-written worker has in progress', async () => {
      const end = deferred();
      const s = await startedHand();
      const run = s.hand.context!.run(() => end.promise);
      await s.clock.advance('1s');
      const stopped = s.it.stop(budget);
      await s.clock.advance('3s');
      expect(s.it.state).to.equal('stopping');
      end.resolve();
      expect(await stopped).to.include({ result: 'drained', durationMs: 3_000 });
      expect((await run).outcome).to.equal('worked');
    });

    const idempotent: [string, (s: Awaited<ReturnType<typeof hand>>) => Promise<unknown>, string, string][] = [
      ['created', () => Promise.resolve(), 'not-started', 'stopped'],
      ['stopped', (s) => s.it.stop(budget), 'not-started', 'stopped'],
      ['running', (s) => s.it.start(), 'drained', 'stopped'],
      ['paused', (s) => s.it.start().then(() => s.it.pause('ada')), 'not-started', 'stopped'],
      [
        'completed',
        async (s) => {
          await s.it.start();
          s.hand.context!.complete();
          await s.clock.advance(0);
        },
        'completed',
        'completed',
      ],
      [
        'backing-off',
        async (s) => {
          await s.it.start();
          s.hand.context!.fail(new Error('lost'));
          await s.clock.advance(0);
        },
        'failed',
        'stopped',
      ],
    ];
    for (const [state, arrange, result, end] of idempotent) {
      it(`while ${state} is ${end}, however often, and leaves no timer`, async () => {
        const s = await hand();
        await arrange(s);
        expect(s.it.state).to.equal(state);
        expect((await s.it.stop(budget)).result).to.equal(result);
        expect(s.it.state).to.equal(end);
        await Promise.all([s.it.stop(budget), s.it.stop(budget, true)]);
        expect(s.it.state).to.equal(end);
        expect(s.clock.pending()).to.equal(0);
        expect(s.hand.calls.filter((call) => call !== 'start')).to.have.length.at.most(1);
      });
    }
  });

  describe('that is stopped while it starts', () => {
    it('is told by its signal, and stopped at once if it comes up after all', async () => {
      const ready = deferred();
      const s = await hand({}, (worker) => (worker.onStart = () => ready.promise));
      const started = codeOf(s.it.start());
      await s.clock.advance('1s');
      const stopped = s.it.stop(budget);
      expect(await started).to.equal('START_ABORTED');
      expect(s.hand.context!.signal.aborted).to.equal(true);
      await s.clock.advance('3s');
      ready.resolve();
      expect(await stopped).to.include({ result: 'aborted', durationMs: 3_000 });
      expect(s.hand.calls).to.deep.equal(['start', 'stop by force']);
      expect(s.hand.overlapped).to.equal(false);
      expect(s.it.state).to.equal('stopped');
      expect(s.clock.pending()).to.equal(0);
    });

    it('has nothing to stop when its start() throws because of that', async () => {
      const s = await hand({}, (worker) => {
        worker.onStart = async (context) => {
          await context.clock.sleep(60_000, context.signal);
          throw new Error('interrupted');
        };
      });
      const started = codeOf(s.it.start());
      await s.clock.advance('1s');
      expect(await s.it.stop(budget)).to.include({ result: 'aborted', durationMs: 0 });
      expect(await started).to.equal('START_ABORTED');
      expect(s.hand.calls).to.deep.equal(['start']);
      expect(s.it.state).to.equal('stopped');
    });

    it('is abandoned when its start() hangs, within the budget of the stop', async () => {
      const s = await hand({}, (worker) => (worker.onStart = never));
      void codeOf(s.it.start());
      await s.clock.advance('1s');
      const report = await moveTimeUntil(s.clock, s.it.stop({ drainMs: 100, abortMs: 50 }));
      expect(report).to.deep.equal({
        worker: 'w',
        result: 'abandoned',
        durationMs: 150,
        open: 'start() has not returned',
      });
      expect(s.hand.calls).to.deep.equal(['start']);
    });

    it('is stopped when it comes up after it was abandoned, and sets nothing in motion', async () => {
      const ready = deferred();
      let runs = 0;
      const s = await hand({ trigger: every('1s', { immediately: true }) }, (worker) => {
        worker.onStart = async (context) => {
          await ready.promise;
          context.drive(() => {
            runs++;
          });
        };
      });
      void codeOf(s.it.start());
      await s.clock.advance('1s');
      await moveTimeUntil(s.clock, s.it.stop(budget));
      ready.resolve();
      await s.clock.advance('1m');
      expect(runs).to.equal(0);
      expect(s.hand.calls).to.deep.equal(['start', 'stop by force']);
      expect(s.hand.overlapped).to.equal(false);
      expect(s.clock.pending()).to.equal(0);
    });
  });

  describe('that ends by itself', () => {
    const fail = (s: Awaited<ReturnType<typeof hand>>, message = 'lost'): void => {
      s.hand.context!.fail(new Error(message));
    };

    it('is stopped first, then started again after a backoff', async () => {
      const s = await startedHand();
      fail(s);
      await s.clock.advance('999ms');
      expect(s.it.state).to.equal('backing-off');
      expect(s.it.error).to.include({ message: 'lost' });
      await s.clock.advance('1ms');
      expect(s.it.state).to.equal('running');
      expect(s.it.restarts).to.equal(1);
      expect(s.hand.calls).to.deep.equal(['start', 'stop by force', 'start']);
      expect(s.states).to.deep.equal(
        ['starting', 'running', 'stopping', 'backing-off', 'starting', 'running'].map((state) => `w ${state}`),
      );
    });

    it('has said so while it started: that counts once it is up', async () => {
      const s = await hand({}, (worker) => {
        worker.onStart = (context) => {
          if (worker.calls.length === 1) context.fail(new Error('lost at once'));
        };
      });
      await s.it.start();
      await s.clock.advance(0);
      expect(s.it.state).to.equal('backing-off');
    });

    it('is heard once for each life', async () => {
      const s = await startedHand();
      const old = s.hand.context!;
      old.fail(new Error('lost'));
      old.fail(new Error('lost again'));
      old.complete();
      await s.clock.advance('1s');
      old.fail(new Error('a voice from an earlier life'));
      await s.clock.advance('1m');
      expect(s.it.restarts).to.equal(1);
      expect(s.it.state).to.equal('running');
    });

    it('is left alone when it is started anew already: what it said of its earlier life does not count', async () => {
      const s = await startedHand();
      const restarted = s.it.restart(budget);
      s.hand.context!.fail(new Error('connection lost'));
      await restarted;
      await s.clock.advance('1m');
      expect(s.hand.calls).to.deep.equal(['start', 'stop', 'start']);
      expect(s.it).to.include({ state: 'running', restarts: 0 });
    });

    it('is completed when it says that it is done', async () => {
      const s = await startedHand();
      s.hand.context!.complete();
      await s.clock.advance('1h');
      expect(s.it.state).to.equal('completed');
      expect(s.hand.calls).to.deep.equal(['start', 'stop']);
    });

    it('is started again although it completed, with restart.on "exit"', async () => {
      const s = await startedHand({ restart: { on: 'exit' } });
      s.hand.context!.complete();
      await s.clock.advance('1s');
      expect(s.it.state).to.equal('running');
      expect(s.it.restarts).to.equal(1);
    });

    it('is lost after too many restarts within the window, which one success does not reset', async () => {
      const s = await startedHand({ restart: { max: 3, within: '1m' } });
      for (let time = 0; time < 3; time++) {
        fail(s);
        await s.clock.advance('10s');
        expect(s.it.state).to.equal('running');
      }
      fail(s, 'the last straw');
      await s.clock.advance(0);
      expect(s.it.state).to.equal('failed');
      expect(s.it.error).to.include({ code: 'WORKER_LOST' });
      expect(s.it.error!.causes).to.deep.equal(['the last straw']);
      expect(s.lost.map(({ worker, error }) => [worker, error.code])).to.deep.equal([['w', 'WORKER_LOST']]);
      expect(s.clock.pending()).to.equal(0);
    });

    it('is not lost when the failures are far apart', async () => {
      const s = await startedHand({ restart: { max: 1, within: '1m' } });
      for (let time = 0; time < 5; time++) {
        fail(s);
        await s.clock.advance('2m');
      }
      expect(s.it.state).to.equal('running');
      expect(s.it.restarts).to.equal(5);
    });

    it('takes only itself down when it is not critical', async () => {
      const s = await startedHand({ critical: false, restart: { on: 'never' } });
      fail(s);
      await s.clock.advance(0);
      expect(s.it.state).to.equal('failed');
      expect(s.lost).to.deep.equal([]);
    });

    it('counts its restarts anew, window and all, once an operator starts or restarts it', async () => {
      const s = await startedHand({ restart: { max: 1 } });
      const failAndComeBack = async (): Promise<void> => {
        s.hand.context!.fail(new Error('no route'));
        await s.clock.advance('1s');
      };
      await failAndComeBack();
      expect([s.it.state, s.it.restarts]).to.deep.equal(['running', 1]);
      await s.it.restart(budget);
      expect(s.it.restarts).to.equal(0);
      await failAndComeBack();
      expect([s.it.state, s.it.restarts]).to.deep.equal(['running', 1]);
      await failAndComeBack();
      expect(s.it.state).to.equal('failed');
      await s.it.start();
      await failAndComeBack();
      expect([s.it.state, s.it.restarts, s.it.restartsInAll]).to.deep.equal(['running', 1, 3]);
    });

    it('is restarted again when a restart fails, and that counts', async () => {
      const s = await startedHand({ restart: { max: 2, within: '1h' } }, (worker) => {
        worker.onStart = () => {
          if (worker.calls.filter((call) => call === 'start').length > 1) throw new Error('still away');
        };
      });
      fail(s);
      await s.clock.advance('1m');
      expect(s.it.restarts).to.equal(2);
      expect(s.it.state).to.equal('failed');
      expect(s.hand.calls).to.deep.equal(['start', 'stop by force', 'start', 'start']);
      expect(s.lost).to.have.length(1);
    });

    it('is lost, and not started on top of itself, when it does not clean up', async () => {
      const s = await startedHand({}, (worker) => (worker.onStop = never));
      fail(s);
      await s.clock.advance('1m');
      expect(s.it.state).to.equal('failed');
      expect(s.it.error!.message).to.include('stop() has not returned');
      expect(s.hand.calls).to.deep.equal(['start', 'stop by force']);
      expect(s.lost).to.have.length(1);
    });

    it('is stopped for good by a stop while it waits for its restart', async () => {
      const s = await startedHand();
      fail(s);
      await s.clock.advance('500ms');
      const report = await s.it.stop(budget);
      expect(report).to.deep.include({ result: 'failed', error: { name: 'Error', message: 'lost' } });
      await s.clock.advance('1h');
      expect(s.it.state).to.equal('stopped');
      expect(s.clock.pending()).to.equal(0);
    });

    it('is started at once by a start while it waits for its restart, which counts', async () => {
      const s = await startedHand();
      fail(s);
      await s.clock.advance('500ms');
      await s.it.start();
      expect(s.it.state).to.equal('running');
      expect(s.it.restarts).to.equal(1);
      await s.clock.advance('1h');
      expect(s.hand.calls.filter((call) => call === 'start')).to.have.length(2);
    });
  });

  describe('that is restarted by an operator', () => {
    it('is stopped and started, and its restarts are not counted', async () => {
      const s = await startedHand();
      await s.it.restart(budget);
      expect(s.hand.calls).to.deep.equal(['start', 'stop', 'start']);
      expect(s.it.restarts).to.equal(0);
    });

    it('lets nothing come between the two', async () => {
      const s = await startedHand({}, (worker) => (worker.onStop = (force) => (force ? undefined : Promise.resolve())));
      const restarted = codeOf(s.it.restart(budget));
      const stopped = s.it.stop(budget);
      await Promise.all([restarted, stopped]);
      expect(s.it.state).to.equal('stopped');
    });

    it('tells when it does not come down', async () => {
      const s = await startedHand({}, (worker) => (worker.onStop = never));
      expect(await moveTimeUntil(s.clock, codeOf(s.it.restart(budget)))).to.equal('WORKER_CONFLICT');
    });
  });

  describe('that is paused', () => {
    it('holds its runs, lets the one in progress finish, and says who paused it', async () => {
      const worker = routine(async (context) => {
        await context.sleep('10s');
        return worked();
      });
      const s = await supervise([[worker, { trigger: every('1m') }]]);
      await s.worker().start();
      await s.clock.advance('65s');
      await s.worker().pause('ada');
      await s.clock.advance('10m');
      expect(s.worker().state).to.equal('paused');
      expect(await s.worker().health()).to.deep.include({ status: 'degraded', reason: 'paused by ada' });
      expect((await s.worker().health()).since).to.deep.equal(s.worker().since);
      expect(worker.beganMs).to.deep.equal([60_000]);
      expect(s.worker().nextRun()).to.equal(undefined);
      await s.worker().resume();
      await s.clock.advance(0);
      expect(s.worker().pausedBy).to.equal(undefined);
      expect(worker.beganMs).to.deep.equal([60_000, 665_000]);
    });

    it('says why it was paused, where that was said, until it is paused again', async () => {
      const s = await supervise([[routine(), { trigger: every('1m') }]]);
      await s.worker().start();
      await s.worker().pause('ada', 'the partner counts');
      expect((await s.worker().health()).reason).to.equal('paused by ada: the partner counts');
      await s.worker().resume();
      await s.worker().pause('ben');
      expect((await s.worker().health()).reason).to.equal('paused by ben');
    });

    it('is not stale for the time that it was paused', async () => {
      const s = await supervise([[routine(), { trigger: every('1m'), health: { staleAfter: '5m' } }]]);
      await s.worker().start();
      await s.worker().pause('ada');
      await s.clock.advance('1h');
      await s.worker().resume();
      expect((await s.worker().health()).status).to.equal('ok');
    });

    it('is stopped for it when it cannot be held, and started again on resume', async () => {
      const s = await startedHand();
      await s.it.pause('ada');
      expect([s.it.state, s.it.pausedBy]).to.deep.equal(['paused', 'ada']);
      expect(s.hand.calls).to.deep.equal(['start', 'stop']);
      const before = s.hand.context;
      await s.it.resume();
      expect(s.it.state).to.equal('running');
      expect(s.hand.calls).to.deep.equal(['start', 'stop', 'start']);
      expect(s.hand.context).to.not.equal(before);
      expect(s.it.restarts).to.equal(0);
    });

    it('is aborted for it when it cannot be held and does not drain', async () => {
      const s = await startedHand({}, giveUpByForce);
      await moveTimeUntil(s.clock, s.it.pause('ada'));
      expect(s.it.state).to.equal('paused');
      expect(s.hand.calls).to.deep.equal(['start', 'stop', 'stop by force']);
    });

    it('has failed when it cannot be held and does not stop either', async () => {
      const s = await startedHand({}, (worker) => (worker.onStop = never));
      expect(await moveTimeUntil(s.clock, codeOf(s.it.pause('ada')))).to.equal('WORKER_CONFLICT');
      expect(s.it.state).to.equal('failed');
    });

    it('that drives its runs by hand drives them again on resume', async () => {
      let runs = 0;
      const s = await startedHand({ trigger: every('1s') }, (worker) => {
        worker.onStart = (context) => {
          context.drive(() => {
            runs++;
          });
        };
      });
      await s.it.pause('ada');
      await s.clock.advance('10s');
      expect(runs).to.equal(0);
      await s.it.resume();
      await s.clock.advance('1s');
      expect(runs).to.equal(1);
    });

    it('is interrupted in its resume by a stop, without start and stop overlapping', async () => {
      const ready = deferred();
      const s = await startedHand();
      await s.it.pause('ada');
      s.hand.onStart = () => ready.promise;
      const resumed = codeOf(s.it.resume());
      await s.clock.advance('1s');
      const stopped = s.it.stop(budget);
      await s.clock.advance('1s');
      ready.resolve();
      expect(await resumed).to.equal('START_ABORTED');
      await stopped;
      expect(s.it.state).to.equal('stopped');
      expect(s.hand.overlapped).to.equal(false);
    });

    it('goes on when it is told to start', async () => {
      const s = await supervise([[routine(), { trigger: every('1m') }]]);
      await s.worker().start();
      await s.worker().pause('ada');
      await s.worker().start();
      expect(s.worker().state).to.equal('running');
    });

    for (const action of ['pause', 'resume'] as const) {
      it(`cannot ${action} when it is not up, and says why`, async () => {
        const s = await hand();
        const error: unknown = await (action === 'pause' ? s.it.pause('ada') : s.it.resume()).catch((e: unknown) => e);
        expect(error).to.be.instanceOf(PlbaError).with.property('code', 'WORKER_CONFLICT');
        expect((error as PlbaError).message).to.equal(`worker "w" cannot ${action}: it is created`);
      });
    }
  });

  describe('that is written by hand', () => {
    it('has its runs counted, timed and judged like any other', async () => {
      const s = await startedHand({ timeout: '1s' });
      const { context } = s.hand;
      const good = await context!.run(() => worked({ items: 2 }));
      expect(good).to.include({ outcome: 'worked', items: 2, trigger: 'continuously' });
      const thrown = await context!.run(() => {
        throw new Error('no route');
      });
      expect(thrown).to.include({ outcome: 'failed' });
      const slow = moveTimeUntil(
        s.clock,
        context!.run(async (run) => {
          await run.sleep('1h');
        }),
      );
      expect((await slow).error).to.include({ code: 'RUN_TIMED_OUT' });
      expect(context!.runHealth()).to.include({ status: 'degraded' });
      expect(s.it.executor.count).to.equal(3);
    });

    it('has no trigger that it was not given, unless it has its runs driven', async () => {
      const s = await startedHand();
      expect(s.it.trigger).to.equal(undefined);
      s.hand.context!.drive(() => idle());
      expect(s.it.trigger?.kind).to.equal('continuously');
      const other = await startedHand({ trigger: every('1s') });
      expect(other.it.trigger?.kind).to.equal('every');
    });

    it('never has two runs at once', async () => {
      const s = await startedHand();
      const end = deferred();
      const first = s.hand.context!.run(() => end.promise);
      expect(await codeOf(s.hand.context!.run(() => undefined))).to.equal('RUN_OVERLAP');
      end.resolve();
      expect((await first).outcome).to.equal('worked');
    });

    it('begins no run once it is told to stop', async () => {
      const s = await startedHand();
      await s.it.stop(budget);
      expect(await codeOf(s.hand.context!.run(() => undefined))).to.equal('WORKER_CONFLICT');
    });

    it('is lost by a fatal run', async () => {
      const s = await startedHand();
      await s.hand.context!.run(() => fatal('account closed'));
      await s.clock.advance(0);
      expect(s.it.state).to.equal('failed');
      expect(s.lost[0]!.error.code).to.equal('WORKER_FATAL');
    });

    it('drives its runs once for each start', async () => {
      let error: unknown;
      await startedHand({ trigger: every('1s') }, (worker) => {
        worker.onStart = (context) => {
          context.drive(() => undefined);
          try {
            context.drive(() => undefined);
          } catch (thrown) {
            error = thrown;
          }
        };
      });
      expect(error).to.be.instanceOf(PlbaError).with.property('code', 'WORKER_CONFLICT');
    });

    it('cannot be asked for a run, and says so', async () => {
      const s = await startedHand();
      expect(await codeOf(s.it.runNow())).to.equal('WORKER_CONFLICT');
    });

    it('cannot break what is shown of it', async () => {
      const s = await startedHand();
      s.hand.status = () => {
        throw new Error('oops');
      };
      expect(s.it.details()).to.deep.equal({ error: 'status() threw: oops' });
    });
  });

  it('is up again with the health that its runs had left', async () => {
    let run = 0;
    const s = await supervise([[routine(() => (run++ < 2 ? failed('no') : worked())), { trigger: every('1s') }]]);
    await s.worker().start();
    await s.clock.advance('2s');
    await s.worker().restart(budget);
    expect((await s.worker().health()).status).to.equal('degraded');
    await s.clock.advance('5s');
    expect((await s.worker().health()).status).to.equal('ok');
  });
});

describe('Supervisor', () => {
  it('knows its workers by name, and names them when asked for another', async () => {
    const s = await supervise([
      [new HandWorker(), { name: 'a' }],
      [new HandWorker(), { name: 'b' }],
    ]);
    expect(s.supervisor.find('a')).to.equal(s.supervisor.workers[0]);
    expect(s.supervisor.find('c')).to.equal(undefined);
    expect(() => s.supervisor.get('c'))
      .to.throw(PlbaError, '"c"')
      .with.property('hint', 'there are: a, b');
  });

  it('says that all have ended when none of them will do anything more by itself', async () => {
    const s = await supervise([
      [routine(), { name: 'a', trigger: once() }],
      [routine(() => fatal('no')), { name: 'b', critical: false }],
    ]);
    expect(s.supervisor.allEnded).to.equal(false);
    await Promise.all(s.supervisor.workers.map((worker) => worker.start()));
    await s.clock.advance('1s');
    expect(s.supervisor.workers.map(({ state }) => state)).to.deep.equal(['completed', 'failed']);
    expect(s.supervisor.allEnded).to.equal(true);
  });

  it('does not take a worker that an operator has stopped for ended', async () => {
    const s = await supervise([[routine(), { trigger: every('1s') }]]);
    await s.worker().start();
    await s.worker().stop(budget);
    expect(s.supervisor.allEnded).to.equal(false);
  });

  it('without workers never says that all have ended', async () => {
    expect((await supervise([])).supervisor.allEnded).to.equal(false);
  });

  it('stops telling whoever does not want to hear any more', async () => {
    const s = await supervise([[new HandWorker()]]);
    let told = 0;
    const end = s.supervisor.onChange(() => told++);
    await s.worker().start();
    const before = told;
    end();
    await s.worker().stop(budget);
    expect(told).to.equal(before);
  });
});
