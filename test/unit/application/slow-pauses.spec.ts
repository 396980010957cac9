import { expect } from 'chai';
import { every, tokens, worker, type Clock } from 'plba';
import { inject } from 'inversify';
import { testApplication } from 'plba/testing';
import { caught } from '../../support/caught.js';
import { moduleOf, QuietWorker } from '../../support/modules.js';

/** How long a pause and a resume take. */
const takesMs = { pause: 0, resume: 0 };

@worker({ name: 'sync', trigger: every('1m'), stop: { drain: '1s' } })
class Sync extends QuietWorker {
  constructor(@inject(tokens.Clock) private readonly clock: Clock) {
    super();
  }
  // eslint-disable-next-line @typescript-eslint/no-misused-promises -- that is the point
  override async pause(): Promise<void> {
    super.pause();
    await this.clock.sleep(takesMs.pause);
  }
  // eslint-disable-next-line @typescript-eslint/no-misused-promises -- that is the point
  override async resume(): Promise<void> {
    await this.clock.sleep(takesMs.resume);
    super.resume();
  }
}

const slow = moduleOf('slow', (module) => {
  module.worker(Sync);
});
const who = { who: 'ada' };

describe('a worker that takes a while to hold its work', () => {
  beforeEach(() => {
    takesMs.pause = takesMs.resume = 0;
  });

  it('goes on with it when that takes too long', async () => {
    await using app = await testApplication(slow).start();
    takesMs.pause = 2_000;
    const pausing = caught(() => app.operator.act('sync', 'pause', who));
    await app.advance('5s');
    expect(await pausing).to.include({ code: 'WORKER_CONFLICT' });
    expect(app.worker('sync').state).to.equal('running');
    await app.advance('5m');
    expect(app.ledger('sync')).to.have.length(5);
    expect(app.worker('sync').health.status).to.equal('ok');
  });

  it('stays held when it takes too long to go on', async () => {
    await using app = await testApplication(slow).start();
    await app.operator.act('sync', 'pause', who);
    takesMs.resume = 2_000;
    const resuming = caught(() => app.operator.act('sync', 'resume', who));
    await app.advance('5s');
    expect(await resuming).to.include({ code: 'WORKER_CONFLICT' });
    expect(app.worker('sync').state).to.equal('paused');
    await app.advance('5m');
    expect(app.ledger('sync')).to.have.length(0);
  });

  it('is not taken for one that nobody plans runs for', async () => {
    await using app = await testApplication(slow).start();
    await app.advance('90s');
    const heard: string[] = [];
    app.events.subscribe((event) => {
      if (event.type === 'health') heard.push(`${event.kind} ${event.to}: ${event.reason ?? ''}`);
    });
    takesMs.pause = 500;
    const pausing = app.operator.act('sync', 'pause', who);
    await app.advance('1s');
    await pausing;
    expect(heard.join()).not.to.include('unhealthy').and.not.include('planned');
  });
});
