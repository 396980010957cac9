import { expect } from 'chai';
import { FailedAttempts } from '../../../src/control/door/failed-attempts.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';

const limits = { wrongTokenDelayMs: 100, maxWrongTokens: 20 };

describe('what is kept of wrong tokens', () => {
  it('is of a thousand addresses at most: of more, the one goes that was heard of longest ago', () => {
    const attempts = new FailedAttempts(new VirtualClock(), limits);
    for (let host = 0; host < 1_000; host++) attempts.record(`10.0.${host >> 8}.${host & 255}`);
    expect(attempts.record('10.0.0.0'), 'the first, still known').to.equal(2);
    attempts.record('192.168.0.1');
    expect(attempts.record('10.0.0.0')).to.equal(3);
    expect(attempts.record('10.0.0.1'), 'the oldest').to.equal(1);
  });

  it('lets 64 answers wait at a time, and no more', async () => {
    const clock = new VirtualClock();
    const attempts = new FailedAttempts(clock, limits);
    attempts.record('10.0.0.1');
    let answered = 0;
    const slowed = Array.from({ length: 70 }, () => attempts.slow('10.0.0.1').then(() => answered++));
    await new Promise(setImmediate);
    expect(answered).to.equal(6);
    await clock.advance('1s');
    await Promise.all(slowed);
    expect(answered).to.equal(70);
  });

  it('is forgotten after a minute', async () => {
    const clock = new VirtualClock();
    const attempts = new FailedAttempts(clock, limits);
    for (let count = 0; count < 20; count++) attempts.record('10.0.0.1');
    expect(attempts.isLocked('10.0.0.1')).to.equal(true);
    expect(attempts.isLocked('10.0.0.2')).to.equal(false);
    await clock.advance('61s');
    expect(attempts.isLocked('10.0.0.1')).to.equal(false);
  });
});
