import { expect } from 'chai';
import type { Outcome } from '../../../src/contracts/outcome.js';
import type { EffectiveWorkerOptions, WorkerOptions } from '../../../src/contracts/worker-options.js';
import { PlbaError } from '../../../src/errors.js';
import { blocked, failed, fatal, idle, partial, worked } from '../../../src/worker/outcomes.js';
import { continuously, cron, every, once } from '../../../src/worker/triggers.js';
import { deferred, never, routine, supervise, type RunScript } from '../../fakes/supervision.js';

/** A started routine; its random numbers are 0, so backoffs are as long as they can be. */
async function started(script: RunScript, options: Partial<WorkerOptions>, more: Parameters<typeof supervise>[1] = {}) {
  const worker = routine(script);
  const supervision = await supervise([[worker, options]], more);
  await supervision.worker().start();
  await supervision.clock.advance(0);
  return { ...supervision, routine: worker, it: supervision.worker() };
}

const outcomes = (of: Awaited<ReturnType<typeof started>>) =>
  of.it.executor.ledger
    .records()
    .map(({ outcome }) => outcome)
    .reverse();

function withoutTimeout(options: EffectiveWorkerOptions): EffectiveWorkerOptions {
  const others = { ...options };
  delete (others as { timeoutMs?: number }).timeoutMs;
  return others;
}

describe('runs', () => {
  describe('once', () => {
    it('does one run and completes', async () => {
      const s = await started(() => undefined, { trigger: once() });
      expect(s.it.state).to.equal('completed');
      expect(outcomes(s)).to.deep.equal(['worked']);
      expect(s.clock.pending()).to.equal(0);
    });

    it('tries again until it succeeds', async () => {
      const s = await started((_, run) => [failed('no'), blocked('busy'), worked()][run], { trigger: once() });
      expect(s.it.state).to.equal('running');
      await s.clock.advance('10s');
      expect(s.routine.beganMs).to.deep.equal([0, 1_000, 3_000]);
      expect(s.it.state).to.equal('completed');
    });

    it('goes again at once after "more"', async () => {
      const s = await started((_, run) => worked({ more: run < 2 }), { trigger: once() });
      expect(s.routine.beganMs).to.deep.equal([0, 0, 0]);
      expect(s.it.state).to.equal('completed');
    });
  });

  describe('continuously', () => {
    it('does run after run, and pauses only when there was nothing to do', async () => {
      const script: RunScript = (_, run) => (run < 3 ? worked() : idle());
      const s = await started(script, { trigger: continuously({ idle: '10s' }) });
      await s.clock.advance('25s');
      expect(s.routine.beganMs).to.deep.equal([0, 0, 0, 0, 10_000, 20_000]);
    });

    it('pauses after a run that rejected everything', async () => {
      const script: RunScript = () => partial({ done: 0, rejected: 3, reason: 'bad' });
      const s = await started(script, { trigger: continuously({ idle: '10s' }) });
      await s.clock.advance('15s');
      expect(s.routine.beganMs).to.deep.equal([0, 10_000]);
    });

    it('goes again at once after "more", whatever the pause', async () => {
      const s = await started((_, run) => (run < 2 ? worked({ more: true }) : idle()), {
        trigger: continuously({ idle: '1h' }),
      });
      expect(s.routine.beganMs).to.deep.equal([0, 0, 0]);
    });

    it('lets others run although its runs never wait', async () => {
      const other = routine(() => undefined);
      const s = await supervise([
        [routine(() => undefined), { name: 'busy' }],
        [other, { name: 'other', trigger: once() }],
      ]);
      await s.worker('busy').start();
      await s.worker('other').start();
      await s.clock.advance(0);
      expect(s.worker('other').state).to.equal('completed');
      await s.worker('busy').stop({ drainMs: 1_000, abortMs: 0 });
      expect(s.worker('busy').state).to.equal('stopped');
    }).timeout(60_000); // half a million runs
  });

  describe('every', () => {
    it('runs at fixed times, counted from the start', async () => {
      const s = await started(() => undefined, { trigger: every('30s') });
      await s.clock.advance('100s');
      expect(s.routine.beganMs).to.deep.equal([30_000, 60_000, 90_000]);
    });

    it('runs at the start as well when told to', async () => {
      const s = await started(() => undefined, { trigger: every('30s', { immediately: true }) });
      await s.clock.advance('31s');
      expect(s.routine.beganMs).to.deep.equal([0, 30_000]);
    });

    it('skips the times that a long run covered, and shifts none', async () => {
      const script: RunScript = async (context, run) => {
        if (run === 0) await context.sleep('65s');
        return worked();
      };
      const s = await started(script, { trigger: every('30s') });
      await s.clock.advance('150s');
      expect(s.routine.beganMs).to.deep.equal([30_000, 120_000, 150_000]);
      expect(s.routine.mostInProgress).to.equal(1);
    });

    it('delays each run by a random part of the period, without shifting the next', async () => {
      const randoms = [0.5, 0.25, 1];
      const random = () => randoms.shift() ?? 0;
      const s = await started(() => undefined, { trigger: every('100s', { jitter: 0.2 }) }, { random });
      await s.clock.advance('330s');
      expect(s.routine.beganMs).to.deep.equal([110_000, 205_000, 320_000]);
    });

    it('tells the run what time it was scheduled for, and says when the next one is', async () => {
      const s = await started(() => undefined, { trigger: every('1h') }, { at: '2026-01-05T00:00:00Z' });
      expect(s.it.nextRun()?.toISOString()).to.equal('2026-01-05T01:00:00.000Z');
      await s.clock.advance('1h');
      expect(s.routine.contexts[0]!.scheduledFor?.toISOString()).to.equal('2026-01-05T01:00:00.000Z');
      expect(s.it.executor.ledger.last!.toRecord().scheduledFor?.toISOString()).to.equal('2026-01-05T01:00:00.000Z');
    });

    it("does not take an operator's run for a scheduled one that is delayed by jitter", async () => {
      const s = await started(() => undefined, { trigger: every('100s', { jitter: 0.5 }) }, { random: () => 1 });
      await s.clock.advance('110s');
      await s.it.runNow();
      await s.clock.advance('40s');
      expect(s.routine.beganMs).to.deep.equal([110_000, 150_000]);
    });
  });

  describe('cron', () => {
    it('are due at the very time of the calendar, however often one looks while time goes on', async () => {
      const s = await started(() => undefined, { trigger: cron('0 2 * * *') });
      const now = s.clock.now.bind(s.clock);
      let looks = 0;
      s.clock.now = () => now() + looks++;
      for (let look = 0; look < 5; look++) expect(s.it.nextRun()?.toISOString()).to.match(/T02:00:00\.000Z$/);
    });

    it('runs at the times of its calendar', async () => {
      const s = await started(() => undefined, { trigger: cron('0 2 * * *') }, { at: '2026-01-05T00:00:00Z' });
      await s.clock.advance('48h');
      expect(s.routine.contexts.map(({ scheduledFor }) => scheduledFor?.toISOString())).to.deep.equal([
        '2026-01-05T02:00:00.000Z',
        '2026-01-06T02:00:00.000Z',
      ]);
    });

    it("keeps tomorrow's run when today's is tried again", async () => {
      const script: RunScript = (_, run) => (run === 0 ? failed('no') : worked());
      const s = await started(script, { trigger: cron('0 2 * * *') }, { at: '2026-01-05T00:00:00Z' });
      await s.clock.advance('48h');
      const hour = 3_600_000;
      expect(s.routine.beganMs).to.deep.equal([2 * hour, 2 * hour + 1_000, 26 * hour]);
    });

    const overlapping: RunScript = async (context, run) => {
      if (run === 0) await context.sleep('9m');
      return worked();
    };
    it('skips what falls into a run', async () => {
      const s = await started(overlapping, { trigger: cron('*/4 * * * *') }, { at: '2026-01-05T00:00:00Z' });
      await s.clock.advance('16m');
      expect(s.routine.beganMs.map((ms) => ms / 60_000)).to.deep.equal([4, 16]);
    });

    it('or does one run for all of it, however late that is', async () => {
      const trigger = cron('*/4 * * * *', { overlap: 'queue-one' });
      const s = await started(overlapping, { trigger }, { at: '2026-01-05T00:00:00Z' });
      await s.clock.advance('16m');
      expect(s.routine.beganMs.map((ms) => ms / 60_000)).to.deep.equal([4, 13, 16]);
      expect(s.routine.mostInProgress).to.equal(1);
    });

    it('skips what was missed while it was paused', async () => {
      const s = await started(() => undefined, { trigger: cron('0 * * * *') }, { at: '2026-01-05T00:30:00Z' });
      await s.it.pause('ada');
      await s.clock.advance('3h');
      await s.it.resume();
      await s.clock.advance('29m');
      expect(s.routine.beganMs).to.deep.equal([]);
      await s.clock.advance('1m');
      expect(s.routine.beganMs).to.have.length(1);
    });

    it('or makes up for it with one run', async () => {
      const trigger = cron('0 * * * *', { missed: 'run-once' });
      const s = await started(() => undefined, { trigger }, { at: '2026-01-05T00:30:00Z' });
      await s.it.pause('ada');
      await s.clock.advance('3h');
      await s.it.resume();
      await s.clock.advance('31m');
      expect(s.routine.beganMs.map((ms) => ms / 60_000)).to.deep.equal([180, 210]);
    });
  });

  describe('until', () => {
    it('completes after so many runs, whatever their outcome', async () => {
      const s = await started((_, run) => (run === 1 ? failed('no') : worked()), { until: { runs: 3 } });
      await s.clock.advance('1m');
      expect(outcomes(s)).to.deep.equal(['worked', 'failed', 'worked']);
      expect(s.it.state).to.equal('completed');
    });

    it('completes after so many idle runs in a row', async () => {
      const s = await started((_, run) => (run === 2 ? worked() : idle()), { until: { idleRuns: 3 } });
      await s.clock.advance('1m');
      expect(outcomes(s)).to.deep.equal(['idle', 'idle', 'worked', 'idle', 'idle', 'idle']);
      expect(s.it.state).to.equal('completed');
    });

    it('completes after so long, also in the middle of a wait', async () => {
      const s = await started(() => undefined, { trigger: every('40s'), until: { duration: '1m' } });
      await s.clock.advance('59s');
      expect(s.it.state).to.equal('running');
      await s.clock.advance('1s');
      expect(s.it.state).to.equal('completed');
      expect(s.clock.pending()).to.equal(0);
    });

    it('completes after so long while it is paused', async () => {
      const s = await started(() => undefined, { trigger: every('1s'), until: { duration: '1m' } });
      await s.it.pause('ada');
      await s.clock.advance('1m');
      expect(s.it.state).to.equal('completed');
    });

    it('lets the run in progress finish', async () => {
      const script: RunScript = async (context) => {
        await context.sleep('50s');
        return worked();
      };
      const s = await started(script, { until: { duration: '1m' } });
      await s.clock.advance('70s');
      expect(s.it.state).to.equal('running');
      await s.clock.advance('30s');
      expect(outcomes(s)).to.deep.equal(['worked', 'worked']);
      expect(s.it.state).to.equal('completed');
    });
  });

  describe('that come to nothing', () => {
    const retry = { initial: '1s', max: '4s', factor: 2, jitter: 0.5 } as const;

    it('are tried again after a growing backoff', async () => {
      const s = await started(() => failed('no'), { retry });
      await s.clock.advance('15s');
      expect(s.routine.beganMs).to.deep.equal([0, 1_000, 3_000, 7_000, 11_000, 15_000]);
      expect(s.routine.contexts.map(({ attempt }) => attempt)).to.deep.equal([1, 2, 3, 4, 5, 6]);
    });

    it('are tried again a little earlier by chance', async () => {
      const s = await started(() => failed('no'), { retry }, { random: () => 1 });
      await s.clock.advance('2s');
      expect(s.routine.beganMs).to.deep.equal([0, 500, 1_500]);
    });

    it('begin anew with the backoff after a success', async () => {
      const s = await started((_, run) => (run === 2 ? worked() : failed('no')), { retry });
      await s.clock.advance('4s');
      expect(s.routine.beganMs).to.deep.equal([0, 1_000, 3_000, 3_000, 4_000]);
    });

    it('are tried again when "blocked" says so', async () => {
      const s = await started(() => blocked('busy', { retryIn: '7s' }), { retry });
      await s.clock.advance('15s');
      expect(s.routine.beganMs).to.deep.equal([0, 7_000, 14_000]);
    });

    it('are tried again before their schedule, without moving it', async () => {
      const s = await started((_, run) => (run === 0 ? failed('no') : worked()), { trigger: every('30s'), retry });
      await s.clock.advance('1m');
      expect(s.routine.beganMs).to.deep.equal([30_000, 31_000, 60_000]);
    });

    it('are no restart', async () => {
      const s = await started(() => failed('no'), { retry });
      await s.clock.advance('5m');
      expect(s.it.state).to.equal('running');
      expect(s.it.restarts).to.equal(0);
    });

    for (const [meaning, outcome] of [
      ['failed', 'failed'],
      ['blocked', 'blocked'],
    ] as const) {
      it(`are ${outcome} when what they threw is classified so`, async () => {
        const worker = routine(() => {
          throw new Error('no route');
        });
        worker.meaning = () => meaning;
        const s = await supervise([[worker]]);
        await s.worker().start();
        await s.clock.advance(0);
        const record = s.worker().executor.ledger.last!.toRecord();
        expect(record.outcome).to.equal(outcome);
        expect(record.error?.message ?? record.reason).to.equal('no route');
      });
    }

    it('are failed when classify() itself throws, and say about what', async () => {
      const worker = routine(() => {
        throw new Error('no route');
      });
      worker.meaning = () => {
        throw new TypeError('oops');
      };
      const s = await supervise([[worker]]);
      await s.worker().start();
      await s.clock.advance(0);
      const { outcome, error } = s.worker().executor.ledger.last!.toRecord();
      expect(outcome).to.equal('failed');
      expect(error).to.include({ code: 'CLASSIFY_INVALID' });
      expect(error!.message).to.include('oops').and.to.include('no route');
      expect(s.worker().state).to.equal('running');
    });

    it('are failed when they answer what is no outcome', async () => {
      const s = await started(() => 42 as never, {});
      expect(s.it.executor.ledger.last!.toRecord().error).to.include({ code: 'OUTCOME_INVALID' });
    });

    const unsound: readonly [answer: unknown, said: string][] = [
      [{ kind: 'worked', items: NaN }, 'items is NaN'],
      [{ kind: 'worked', items: -1 }, 'items is -1'],
      [{ kind: 'partial', done: 1, rejected: 1 }, 'the reason is undefined'],
      [{ kind: 'partial', done: 1, rejected: 1.5, reason: 'x' }, 'rejected is 1.5'],
      [{ kind: 'blocked', reason: undefined }, 'the reason is undefined'],
      [{ kind: 'blocked', reason: 'x', retryInMs: NaN }, 'retryInMs is NaN'],
      [{ kind: 'done' }, 'it is none'],
    ];
    for (const [answer, said] of unsound) {
      it(`have failed when they answer an outcome of which ${said}, and whoever asked for them hears it`, async () => {
        const s = await started(() => answer as Outcome, { trigger: every('1h') });
        const { outcome, error } = await s.it.runNow();
        expect(outcome).to.equal('failed');
        expect(error).to.include({ code: 'OUTCOME_INVALID' });
        expect(error!.message).to.contain(said);
        expect(s.it.state).to.equal('running');
      });
    }

    it('are not made by the makers of outcomes either', () => {
      expect(() => worked({ items: NaN })).to.throw(PlbaError, 'worked(): items is NaN');
      expect(() => partial({ done: 1, rejected: -1, reason: 'x' })).to.throw(PlbaError, 'partial(): rejected is -1');
      expect(() => blocked(undefined as never)).to.throw(PlbaError, 'blocked(): the reason is undefined');
    });
  });

  describe('that take too long', () => {
    it('have failed at that instant, and are told by their signal', async () => {
      let reason: unknown;
      const script: RunScript = async (context) => {
        await context.sleep('1h');
        reason = context.signal.reason;
        return worked();
      };
      const s = await started(script, { timeout: '2m', trigger: once() });
      await s.clock.advance('2m');
      const record = s.it.executor.ledger.last!.toRecord();
      expect(record).to.include({ outcome: 'failed', durationMs: 120_000 });
      expect(record.error).to.include({ code: 'RUN_TIMED_OUT' });
      expect(reason).to.be.instanceOf(PlbaError).with.property('code', 'RUN_TIMED_OUT');
    });

    it('keep their place until they really end, and nothing runs beside them', async () => {
      const end = deferred();
      const s = await started(async (_, run) => (run === 0 ? end.promise.then(() => worked()) : worked()), {
        timeout: '2m',
        trigger: every('1m'),
      });
      await s.clock.advance('10m');
      expect(s.routine.beganMs).to.have.length(1);
      expect(s.it.executor.current).to.not.equal(undefined);
      expect((await s.it.health()).status).to.equal('unhealthy');
      end.resolve();
      await s.clock.advance('1s');
      expect(s.routine.mostInProgress).to.equal(1);
      expect(s.routine.beganMs).to.have.length(2);
      expect(outcomes(s)).to.deep.equal(['failed', 'worked']);
      expect(s.lines.find(({ message }) => message.includes('failed by its timeout has ended'))?.fields).to.deep.equal({
        lateMs: 7 * 60_000,
      });
    });

    it('stay failed when they throw late', async () => {
      const end = deferred();
      const s = await started(() => end.promise.then(() => undefined), { timeout: '1s', trigger: once() });
      await s.clock.advance('5s');
      end.reject(new Error('late'));
      await s.clock.advance(0);
      expect(s.it.executor.ledger.records()).to.have.length(1);
      expect(s.it.executor.ledger.last!.toRecord().error).to.include({ code: 'RUN_TIMED_OUT' });
    });

    it('are watched each for itself, by one timer for all', async () => {
      const script: RunScript = async (context, run) => {
        await context.sleep(run === 3 ? '10s' : '1s');
        return worked();
      };
      const s = await started(script, { timeout: '2s' });
      await s.clock.advance(4_999);
      expect(outcomes(s)).to.deep.equal(['worked', 'worked', 'worked']);
      await s.clock.advance(1);
      expect(outcomes(s)).to.deep.equal(['worked', 'worked', 'worked', 'failed']);
    });
  });

  describe('whose timeout is changed meanwhile', () => {
    const slow: RunScript = async (context) => {
      await context.sleep('3s');
      return worked();
    };

    it('have the one that was in force when they began: a longer one counts from the next run', async () => {
      const s = await started(slow, { timeout: '2s', trigger: every('10s') });
      await s.clock.advance('11s');
      s.it.adopt({ ...s.it.options, timeoutMs: 60_000 });
      await s.clock.advance('20s');
      expect(outcomes(s)).to.deep.equal(['failed', 'worked', 'worked']);
    });

    it('have it also when it becomes shorter, or there is none any more', async () => {
      const s = await started(slow, { timeout: '1h', trigger: every('10s') });
      await s.clock.advance('11s');
      s.it.adopt({ ...s.it.options, timeoutMs: 2_000 });
      await s.clock.advance('10s');
      s.it.adopt(withoutTimeout(s.it.options));
      await s.clock.advance('10s');
      expect(outcomes(s)).to.deep.equal(['worked', 'failed', 'worked']);
    });
  });

  describe('that have left something running', () => {
    it('tell it by a signal that has aborted, and let it write nothing into the ledger', async () => {
      const script: RunScript = (context) => {
        context.progress(1);
        return worked();
      };
      const s = await started(script, { trigger: every('1h') });
      await s.clock.advance('1h');
      const [context] = s.routine.contexts;
      context!.progress(2);
      expect(context!.signal.aborted).to.equal(true);
      expect(context!.signal.reason).to.be.instanceOf(PlbaError).with.property('code', 'RUN_ABORTED');
      await context!.sleep('1h');
      context!.log.info('still here');
      expect(s.it.executor.ledger.last!.toRecord().progress).to.include({ done: 1 });
    });
  });

  describe('that an operator asks for', () => {
    it('happen at once, and give their record', async () => {
      const s = await started(() => worked({ items: 3 }), { trigger: every('1h') });
      const record = await s.it.runNow();
      expect(record).to.include({ trigger: 'operator', outcome: 'worked', items: 3, attempt: 1 });
      expect(s.routine.contexts[0]!.scheduledFor).to.equal(undefined);
    });

    it('happen while the worker is paused, which it stays', async () => {
      const s = await started(() => undefined, { trigger: every('1h') });
      await s.it.pause('ada');
      await s.it.runNow();
      await s.clock.advance('5h');
      expect(s.routine.beganMs).to.deep.equal([0]);
      expect(s.it.state).to.equal('paused');
    });

    it('come after the run in progress, one for all who ask meanwhile', async () => {
      const script: RunScript = async (context) => {
        await context.sleep('10s');
        return worked();
      };
      const s = await started(script, { trigger: every('1m') });
      await s.clock.advance('65s');
      const asked = Promise.all([s.it.runNow(), s.it.runNow()]);
      await s.clock.advance('30s');
      const [first, second] = await asked;
      expect(first.id).to.equal(second.id);
      expect(s.routine.beganMs).to.deep.equal([60_000, 70_000]);
      expect(s.routine.mostInProgress).to.equal(1);
    });

    it('end a retry that was waited for', async () => {
      const s = await started((_, run) => (run === 0 ? failed('no') : worked()), {
        trigger: every('1h', { immediately: true }),
        retry: { initial: '30s' },
      });
      await s.it.runNow();
      await s.clock.advance('10m');
      expect(s.routine.beganMs).to.deep.equal([0, 0]);
      expect(s.routine.contexts[1]!.attempt).to.equal(2);
    });

    it('are refused when the worker is not up', async () => {
      const s = await started(() => undefined, { trigger: once() });
      const error: unknown = await s.it.runNow().catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(PlbaError).with.property('code', 'WORKER_CONFLICT');
      expect((error as PlbaError).message).to.include('completed');
    });

    it('are refused when they have not begun before the worker stops', async () => {
      const s = await started(never, { trigger: every('1m') });
      await s.clock.advance('1m');
      const asked = s.it.runNow().catch((thrown: unknown) => thrown);
      const stopped = s.it.stop({ drainMs: 1, abortMs: 1 });
      await s.clock.advance('1s');
      await stopped;
      expect(await asked)
        .to.be.instanceOf(PlbaError)
        .with.property('code', 'WORKER_CONFLICT');
    });

    it('are the only ones in manual mode', async () => {
      const s = await started(() => undefined, { trigger: every('1s') }, { manual: true });
      await s.clock.advance('1m');
      expect(s.routine.beganMs).to.deep.equal([]);
      await s.it.runNow();
      expect(s.routine.beganMs).to.deep.equal([60_000]);
    });
  });

  it('that are fatal go straight to the end, without a restart', async () => {
    const s = await started(() => fatal(new Error('account closed')), { critical: false });
    expect(s.it.state).to.equal('failed');
    expect(s.it.restarts).to.equal(0);
    expect(s.it.error).to.include({ code: 'WORKER_FATAL' });
    expect(s.it.error!.causes).to.deep.equal(['account closed']);
    expect(s.clock.pending()).to.equal(0);
  });

  it('show their progress while they are under way and afterwards', async () => {
    const script: RunScript = async (context) => {
      await context.sleep('5s');
      context.progress(3, 10, 'pages');
      await context.sleep('5s');
      return worked();
    };
    const s = await started(script, { trigger: once() }, { at: '2026-01-05T00:00:00Z' });
    await s.clock.advance('6s');
    const at = new Date('2026-01-05T00:00:05Z');
    const progress = { done: 3, total: 10, note: 'pages', at, perSecond: 0.6, leftMs: 11_667 };
    expect(s.it.executor.current!.toRecord().progress).to.deep.equal(progress);
    await s.clock.advance('5s');
    expect(s.it.executor.ledger.last!.toRecord()).to.deep.include({ progress, durationMs: 10_000 });
  });

  it('that make no progress for stuckAfter are unhealthy, also for liveness, until they say something', async () => {
    const script: RunScript = async (context) => {
      await context.sleep('2m');
      context.progress(1);
      await context.sleep('30s');
      return worked();
    };
    const s = await started(script, { trigger: once(), health: { stuckAfter: '1m' } });
    await s.clock.advance('61s');
    expect((await s.it.health()).reason).to.include('stuck');
    expect(s.it.liveness().status).to.equal('unhealthy');
    await s.clock.advance('60s');
    expect((await s.it.health()).status).to.equal('ok');
    expect(s.it.liveness().status).to.equal('ok');
  });

  it('are kept in the ledger, newest first and no more than it holds', async () => {
    const s = await started(() => undefined, { ledger: 3, until: { runs: 5 } });
    const ids = s.it.executor.ledger.records().map(({ id }) => id.split('-')[1]);
    expect(ids).to.deep.equal(['4', '3', '2']);
    expect(s.it.executor.count).to.equal(5);
  });

  it('keep what there is to say about an error, and let go of the error itself', async () => {
    const error = new Error('no', { cause: new Error('deeper') });
    const s = await started(() => failed(error), { trigger: once(), until: { runs: 1 } });
    expect(s.it.executor.ledger.last!.toRecord().error).to.deep.equal({
      name: 'Error',
      message: 'no',
      causes: ['deeper'],
    });
  });
});
