import { expect } from 'chai';
import fc from 'fast-check';
import type { WorkerState } from '../../../src/contracts/worker.js';
import type { WorkerOptions } from '../../../src/contracts/worker-options.js';
import type { SupervisedWorker } from '../../../src/worker/supervised-worker.js';
import { moveTimeUntil } from '../../../src/testing/move-time.js';
import { every } from '../../../src/worker/triggers.js';
import { HandWorker, routine, supervise, type ScriptedRoutine } from '../../fakes/supervision.js';

/** More than the worker ever needs: nothing is abandoned. */
const budget = { drainMs: 5_000, abortMs: 5_000 };

const operations = ['start', 'stop', 'force', 'restart', 'pause', 'resume', 'run'] as const;
type Operation = (typeof operations)[number];
const events = ['fail', 'complete'] as const;
type Step =
  | { readonly do: Operation }
  | { readonly say: (typeof events)[number] }
  | { readonly waitMs: number }
  | { readonly needIsReady: boolean }
  | { readonly startMs: number; readonly startFails: boolean; readonly stopMs: number };

const operation = fc.constantFrom(...operations).map((name): Step => ({ do: name }));
const wait = fc.constantFrom(0, 1, 35, 60, 999, 1_600, 60_000).map((waitMs): Step => ({ waitMs }));
const need = fc.boolean().map((needIsReady): Step => ({ needIsReady }));
const event = fc.constantFrom(...events).map((say): Step => ({ say }));
const manners = (startFails: boolean[], stopMs = [0, 30, 1_500], startMs = [0, 40, 1_500]) =>
  fc
    .record({
      startMs: fc.constantFrom(...startMs),
      startFails: fc.constantFrom(...startFails),
      stopMs: fc.constantFrom(...stopMs),
    })
    .map((step): Step => step);

/** Most steps are operations, and the worker is up at the beginning: else little of all that can happen does. */
const mixOf = (...others: fc.WeightedArbitrary<Step>[]) =>
  fc
    .array(fc.oneof({ arbitrary: operation, weight: 5 }, { arbitrary: wait, weight: 3 }, ...others), {
      minLength: 5,
      maxLength: 30,
      size: 'max',
    })
    .map((steps): Step[] => [{ do: 'start' }, { waitMs: 0 }, ...steps]);
const peaceful = mixOf({ arbitrary: manners([false]), weight: 2 });
const stormy = mixOf({ arbitrary: manners([false, false, true]), weight: 2 }, { arbitrary: event, weight: 2 });

/** The longest stop outlasts both rungs of the ladder, the longest starts their limit and what is left to give them up. */
const unruly = mixOf(
  { arbitrary: manners([false, false, true], [0, 1_500, 12_000], [0, 1_500, 62_000, 90_000]), weight: 2 },
  { arbitrary: event, weight: 2 },
);

const needy = mixOf({ arbitrary: manners([false]), weight: 2 }, { arbitrary: need, weight: 3 });

/** A worker, hand-written or a routine, whose start and stop take as long as they are told. */
interface Subject {
  readonly worker: HandWorker | ScriptedRoutine;
  startMs: number;
  startFails: boolean;
  stopMs: number;
  /** `start`, `started` or `start failed`, `stop`, `stopped`: each call and its end. */
  readonly calls: string[];
}

function subjectOf(kind: 'hand-written' | 'routine'): Subject {
  const worker =
    kind === 'hand-written'
      ? new HandWorker()
      : routine(async (context) => {
          await context.sleep(20);
          return undefined;
        });
  const subject: Subject = { worker, startMs: 0, startFails: false, stopMs: 0, calls: [] };
  const start = worker.start.bind(worker);
  const stop = worker.stop.bind(worker);
  worker.start = async (context) => {
    subject.calls.push('start');
    const { startMs, startFails } = subject;
    if (startMs > 0) await context.clock.sleep(startMs);
    await start(context); // a start that fails has set runs in motion already
    if (startFails) {
      subject.calls.push('start failed');
      throw new Error('no route');
    }
    subject.calls.push('started');
  };
  worker.stop = async (force) => {
    subject.calls.push('stop');
    const { stopMs } = subject;
    if (stopMs > 0) await worker.context!.clock.sleep(stopMs);
    await stop(force);
    subject.calls.push('stopped');
  };
  return subject;
}

function perform(name: Operation, on: SupervisedWorker): Promise<unknown> {
  switch (name) {
    case 'start':
      return on.start();
    case 'stop':
      return on.stop(budget);
    case 'force':
      return on.stop(budget, true);
    case 'restart':
      return on.restart(budget);
    case 'pause':
      return on.pause('ada');
    case 'resume':
      return on.resume();
    case 'run':
      return on.runNow();
  }
}

const stateAfter: Record<Exclude<Operation, 'run'>, WorkerState> = {
  start: 'running',
  stop: 'stopped',
  force: 'stopped',
  restart: 'running',
  pause: 'paused',
  resume: 'running',
};

/** Does all steps, none of them waiting for another, and then lets everything come to rest, or has it stopped at once. */
async function play(
  kind: 'hand-written' | 'routine',
  steps: readonly Step[],
  options: Partial<WorkerOptions> = {},
  end: 'rest' | 'stop' = 'rest',
) {
  const subject = subjectOf(kind);
  const s = await supervise([[subject.worker, { trigger: every('1s'), ...options }]]);
  const setNeed = (isReady: boolean): void => {
    if (isReady) s.readyContributors.add('ledger');
    else s.readyContributors.delete('ledger');
    s.supervisor.prerequisiteChanged();
  };
  setNeed(true);
  let lastAccepted: { order: number; state: WorkerState } = { order: -1, state: 'created' };
  const settled: Promise<unknown>[] = [];
  for (const [order, step] of steps.entries()) {
    if ('waitMs' in step) await s.clock.advance(step.waitMs);
    else if ('needIsReady' in step) setNeed(step.needIsReady);
    else if ('say' in step) subject.worker.context?.[step.say](new Error('lost'));
    else if ('startMs' in step) Object.assign(subject, step);
    else {
      const name = step.do;
      const accepted = (): void => {
        if (name !== 'run' && order > lastAccepted.order) lastAccepted = { order, state: stateAfter[name] };
      };
      settled.push(perform(name, s.worker()).then(accepted, () => undefined));
    }
  }
  setNeed(true);
  if (end === 'rest') await s.clock.advance('10m');
  else await moveTimeUntil(s.clock, s.worker().stop(budget));
  const left = s.clock.pending();
  await s.clock.advance(0);
  await Promise.all(settled);
  return { ...s, subject, lastAccepted, left, it: s.worker() };
}

/**
 * No start began before all that came before had ended, and a worker that came up was stopped before it was started again,
 * by one call of its stop() or by two: to drain, and to abort.
 */
function expectOrder(calls: readonly string[]): void {
  const followers: Record<string, readonly string[]> = {
    '': ['start'],
    'start ': ['started', 'start failed'],
    'start started ': ['stop'],
    'start start failed ': ['start'],
    'start started stop ': ['stop', 'stopped'],
    'start started stop stop ': ['stopped'],
    'start started stop stop stopped ': ['stopped'],
    'start started stop stopped ': ['start'],
    'start started stop stop stopped stopped ': ['start'],
  };
  let life = '';
  for (const call of calls) {
    expect(followers[life], `"${call}" in ${calls.join(', ')}`).to.include(call);
    life = call === 'start' ? 'start ' : `${life}${call} `;
  }
}

describe('any mix of operations on a worker', () => {
  for (const kind of ['hand-written', 'routine'] as const) {
    it(`ends in the state of the last one that was accepted (${kind})`, async () => {
      await fc.assert(
        fc.asyncProperty(peaceful, async (steps) => {
          const { it, lastAccepted, subject, clock } = await play(kind, steps, { stop: { drain: '5s', abort: '5s' } });
          expect(it.state).to.equal(lastAccepted.state);
          if (it.state === 'running' && 'beganMs' in subject.worker)
            expect(clock.monotonic() - (subject.worker.beganMs.at(-1) ?? 0), 'it runs').to.be.at.most(1_020);
        }),
        { numRuns: 150 },
      );
    }).timeout(30_000);

    it(`ends in that state also when what it needs comes and goes, and counts no restart (${kind})`, async () => {
      await fc.assert(
        fc.asyncProperty(needy, async (steps) => {
          const { it, lastAccepted, subject, lost } = await play(kind, steps, {
            needs: ['ledger'],
            stop: { drain: '5s', abort: '5s' },
          });
          expect(it.state).to.equal(lastAccepted.state);
          expect(it.restarts).to.equal(0);
          expect(lost).to.deep.equal([]);
          expectOrder(subject.calls);
        }),
        { numRuns: 150 },
      );
    }).timeout(30_000);

    it(`ends in that state whatever went wrong before it, and whatever restart is pending (${kind})`, async () => {
      const nothingFails: Step = { startMs: 40, startFails: false, stopMs: 30 };
      await fc.assert(
        fc.asyncProperty(stormy, operation, async (steps, last) => {
          const { it, lastAccepted } = await play(kind, [...steps, nothingFails, last], {
            restart: { max: 100 },
            stop: { drain: '5s', abort: '5s' },
          });
          if (lastAccepted.order <= steps.length) return;
          // Whoever has completed before it is told to stop stays so.
          const { state } = lastAccepted;
          expect(it.state).to.be.oneOf(state === 'stopped' ? ['stopped', 'completed'] : [state]);
        }),
        { numRuns: 150 },
      );
    }).timeout(30_000);

    it(`never lets start and stop overlap, and stops each life once (${kind})`, async () => {
      await fc.assert(
        fc.asyncProperty(stormy, async (steps) => {
          const { subject } = await play(kind, steps, { restart: { max: 100 }, stop: { drain: '5s', abort: '5s' } });
          expectOrder(subject.calls);
          if ('mostInProgress' in subject.worker) expect(subject.worker.mostInProgress).to.be.at.most(1);
        }),
        { numRuns: 150 },
      );
    }).timeout(30_000);

    it(`never starts it on top of what it has left open (${kind})`, async () => {
      await fc.assert(
        fc.asyncProperty(unruly, async (steps) => {
          const { subject } = await play(kind, steps, { restart: { max: 100 }, stop: { drain: '5s', abort: '5s' } });
          expectOrder(subject.calls);
        }),
        { numRuns: 150 },
      );
    }).timeout(30_000);

    it(`leaves nothing behind once it is stopped (${kind})`, async () => {
      await fc.assert(
        fc.asyncProperty(stormy, async (steps) => {
          const { it, clock, subject, left } = await play(kind, steps, { stop: { drain: '5s', abort: '5s' } }, 'stop');
          expect(it.state).to.be.oneOf(['stopped', 'completed']);
          expect(left).to.equal(0);
          expect(subject.calls.at(-1) ?? 'stopped').to.be.oneOf(['stopped', 'start failed']);
          const before = subject.calls.length;
          await clock.advance('10m');
          expect(subject.calls).to.have.length(before);
        }),
        { numRuns: 150 },
      );
    }).timeout(30_000);
  }
});
