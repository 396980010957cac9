import { expect } from 'chai';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import { unheard } from '../../../src/events/event-sink.js';
import { effectiveOptions } from '../../../src/worker/effective-options.js';
import { idle } from '../../../src/worker/outcomes.js';
import { RunExecutor } from '../../../src/worker/run-executor.js';
import { fakeLogger } from '../../fakes/fake-logger.js';

describe('whoever was told until when the health of a worker stays as it is', () => {
  function told() {
    const clock = new VirtualClock();
    const options = effectiveOptions({ name: 'sync' });
    let changes = 0;
    const executor = new RunExecutor({ options, clock, log: fakeLogger(), events: unheard }, () => changes++);
    executor.standing.expect(3_600_000, 5_000);
    expect(executor.standing.steadyUntil()).to.equal(3_605_000);
    changes = 0;
    return { executor, changes: () => changes };
  }

  it('hears of a run that is due sooner than was thought', () => {
    const { executor, changes } = told();
    executor.standing.expect(60_000, 5_000);
    expect(changes()).to.equal(1);
    expect(executor.standing.steadyUntil()).to.equal(65_000);
  });

  it('hears of a run that may be less late than was thought', () => {
    const { executor, changes } = told();
    executor.standing.expect(3_600_000, 1_000);
    expect(changes()).to.equal(1);
  });

  it('hears of a run that nobody expected, and after which the next one is expected', () => {
    const { executor, changes } = told();
    executor.end(executor.begin('operator', undefined, 10), idle(), 20);
    expect(changes()).to.equal(1);
    expect(executor.standing.steadyUntil()).to.equal(5_020);
  });

  it('is not told of one that is due later', () => {
    const { executor, changes } = told();
    executor.standing.expect(7_200_000, 5_000);
    expect(changes()).to.equal(0);
  });
});
