import { expect } from 'chai';
import fc from 'fast-check';
import type { Outcome, OutcomeKind } from '../../../src/contracts/outcome.js';
import { unheard } from '../../../src/events/event-sink.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import { Ledger } from '../../../src/worker/ledger.js';
import { blocked, failed, fatal, idle, partial, worked } from '../../../src/worker/outcomes.js';
import { Run, type RunSetting } from '../../../src/worker/run.js';
import { fakeLogger } from '../../fakes/fake-logger.js';

const outcomes: Readonly<Record<OutcomeKind, Outcome>> = {
  worked: worked(),
  idle: idle(),
  partial: partial({ done: 1, rejected: 1, reason: 'no total' }),
  blocked: blocked('closed'),
  failed: failed(new Error('no')),
  fatal: fatal(new Error('never')),
};

describe('the runs that a ledger keeps', () => {
  /** A ledger of this size after runs that ended so, and the numbers of those that it has let go. */
  function after(size: number, kinds: readonly OutcomeKind[]): { ledger: Ledger; forgotten: number[] } {
    const clock = new VirtualClock();
    const setting: RunSetting = { worker: 'w', clock, log: fakeLogger(), idPrefix: 'w', events: unheard };
    const ledger = new Ledger(size);
    const forgotten: number[] = [];
    kinds.forEach((kind, number) => {
      const run = new Run(setting, number, 'every', 1, 0, 0, undefined);
      run.forget = () => forgotten.push(number);
      run.settle(outcomes[kind], 0);
      ledger.add(run);
    });
    return { ledger, forgotten };
  }

  const kept = (ledger: Ledger): (readonly [number: number, outcome: OutcomeKind | undefined])[] =>
    ledger.records().map(({ id, outcome }) => [parseInt(id.slice('w-'.length), 36), outcome]);

  const times = (count: number, kind: OutcomeKind): OutcomeKind[] => Array<OutcomeKind>(count).fill(kind);

  it('hold what said something, however long nothing is found after it', () => {
    const { ledger } = after(50, ['failed', 'idle', 'partial', 'worked', ...times(10_000, 'idle')]);
    expect(ledger.records().map(({ outcome }) => outcome)).to.deep.equal([
      ...times(47, 'idle'),
      'worked',
      'partial',
      'failed',
    ]);
  });

  it('hold what worked through a night of failures, and what failed through a day of work', () => {
    const night = after(50, [...times(20, 'worked'), ...times(5_000, 'failed')]).ledger;
    expect(night.records().filter(({ outcome }) => outcome === 'worked')).to.have.lengthOf(12);
    const day = after(50, [...times(20, 'failed'), 'partial', ...times(5_000, 'worked')]).ledger;
    expect(day.records().filter(({ outcome }) => outcome === 'failed')).to.have.lengthOf(12);
    expect(day.records().filter(({ outcome }) => outcome === 'partial')).to.have.lengthOf(1);
  });

  it('say how many are missing between one and the next older one', () => {
    const { ledger } = after(4, ['idle', 'idle', 'failed', ...times(7, 'idle'), 'worked']);
    const gaps = ledger.records().map(({ outcome, runsDropped }) => [outcome, runsDropped]);
    expect(gaps).to.deep.equal([
      ['worked', undefined],
      ['idle', undefined],
      ['idle', 5],
      ['failed', undefined],
    ]);
  });

  it('are as many as its size at most, in their order: half of it the latest, and the last of each outcome that says something', () => {
    const kind = fc.constantFrom<OutcomeKind>(
      'worked',
      'idle',
      'idle',
      'idle',
      'partial',
      'blocked',
      'failed',
      'fatal',
    );
    const stretch = fc.tuple(kind, fc.integer({ min: 1, max: 60 })).map(([each, count]) => times(count, each));
    const runs = fc
      .array(
        fc.oneof(
          stretch,
          kind.map((each) => [each]),
        ),
        { maxLength: 40 },
      )
      .map((all) => all.flat());
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), runs, (size, kinds) => {
        const { ledger, forgotten } = after(size, kinds);
        const numbers = kept(ledger).map(([number]) => number);
        expect(numbers.length).to.equal(Math.min(size, kinds.length));
        expect(numbers).to.deep.equal([...numbers].sort((a, b) => b - a));
        // Nothing is lost from sight and still held.
        expect([...numbers, ...forgotten].sort((a, b) => a - b)).to.deep.equal(kinds.map((_, number) => number));
        const latest = kinds.map((_, number) => number).slice(-Math.ceil(size / 2));
        expect(numbers).to.include.members(latest);
        const share = Math.floor(Math.floor(size / 2) / 5);
        for (const each of Object.keys(outcomes).filter((word) => word !== 'idle')) {
          const last = kinds.flatMap((word, number) => (word === each ? [number] : [])).slice(-share);
          if (share > 0) expect(numbers, each).to.include.members(last);
        }
        expect(ledger.last?.sequence).to.equal(kinds.length === 0 ? undefined : kinds.length - 1);
      }),
    );
  });
});
