import { expect } from 'chai';
import type { StopReport } from 'plba';
import { DrivenLifetime } from '../../../src/lifecycle/application-lifetime.js';
import { LifecycleService } from '../../../src/lifecycle/lifecycle-service.js';
import type { SupervisedWorker } from '../../../src/worker/supervised-worker.js';
import { fakeLogger } from '../../fakes/fake-logger.js';
import { HandWorker, never, supervise, type Supervision } from '../../fakes/supervision.js';

/** The real supervisor under the real lifecycle service, in virtual time. */
function lifecycleOf(s: Supervision, timeoutMs: number): LifecycleService {
  const participants: readonly SupervisedWorker[] = s.supervisor.workers;
  return new LifecycleService({
    application: 'test',
    participants,
    outer: [],
    lifetime: new DrivenLifetime(s.clock),
    clock: s.clock,
    log: fakeLogger(),
    startTimeoutMs: 60_000,
    shutdown: { timeoutMs, delayMs: 0 },
  });
}

describe('of ten workers, any that hang in their stop', () => {
  it('are named, and only they, and all is over by the deadline: each of the 1,024 subsets', async function () {
    this.timeout(60_000);
    const timeoutMs = 4_000;
    for (let subset = 0; subset < 1_024; subset++) {
      const isHanging = (index: number): boolean => (subset & (1 << index)) !== 0;
      const workers = Array.from({ length: 10 }, (_, index) => {
        const worker = new HandWorker();
        if (isHanging(index)) worker.onStop = never;
        // Two chains of five.
        const needs = index % 5 === 0 ? [] : [`w${index - 1}`];
        return [worker, { name: `w${index}`, needs, stop: { drain: '1s', abort: '500ms' } }] as const;
      });
      const s = await supervise(workers.map(([worker, options]) => [worker, options]));
      const lifecycle = lifecycleOf(s, timeoutMs);
      const starting = lifecycle.start();
      await s.clock.advance(0);
      await starting;
      const stopping = lifecycle.stop({ kind: 'asked', reason: 'test' });
      await s.clock.advance(timeoutMs);
      const report: StopReport = await stopping;
      const named = report.workers.filter(({ result }) => result === 'abandoned').map(({ worker }) => worker);
      const hanging = workers.flatMap(([, { name }], index) => (isHanging(index) ? [name] : []));
      expect(named.sort(), `subset ${subset}`).to.deep.equal(hanging);
      expect(report.exitCode).to.equal(subset === 0 ? 0 : 4);
      expect(report.durationMs).to.be.at.most(timeoutMs);
      expect(s.clock.pending(), `subset ${subset}`).to.equal(0);
    }
  });
});

describe('of fifty workers in a chain, one that does not start', () => {
  it('leaves those before it stopped in reverse, those after it untouched, and nothing behind: each of the fifty', async function () {
    this.timeout(60_000);
    for (let broken = 0; broken < 50; broken++) {
      const order: string[] = [];
      const workers = Array.from({ length: 50 }, (_, index) => {
        const worker = new HandWorker();
        if (index === broken) worker.onStart = () => Promise.reject(new Error('no route'));
        worker.onStop = () => void order.push(`w${index}`);
        return [worker, { name: `w${index}`, needs: index === 0 ? [] : [`w${index - 1}`] }] as const;
      });
      const s = await supervise(workers.map(([worker, options]) => [worker, options]));
      const failure = lifecycleOf(s, 25_000)
        .start()
        .catch((error: unknown) => error);
      await s.clock.advance('1m');
      expect(String(await failure)).to.include(`"w${broken}"`);
      expect(order).to.deep.equal(Array.from({ length: broken }, (_, index) => `w${broken - 1 - index}`));
      for (const [index, [worker]] of workers.entries()) {
        expect(worker.calls, `w${index} of ${broken}`).to.deep.equal(
          index < broken ? ['start', 'stop'] : index === broken ? ['start'] : [],
        );
      }
      expect(s.clock.pending(), `worker ${broken}`).to.equal(0);
    }
  });
});
