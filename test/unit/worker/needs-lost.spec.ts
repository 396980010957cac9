import { expect } from 'chai';
import { every } from '../../../src/worker/triggers.js';
import { deferred, HandWorker, routine, supervise } from '../../fakes/supervision.js';

const budget = { drainMs: 5_000, abortMs: 2_000 };

describe('a worker that runs and loses what it needs', () => {
  it('waits when a health contributor turns bad, says for what, and comes back by itself', async () => {
    const s = await supervise([[new HandWorker(), { needs: ['ledger'] }]]);
    s.readyContributors.add('ledger');
    await s.worker().start();
    s.readyContributors.delete('ledger');
    s.supervisor.prerequisiteChanged();
    await s.clock.advance(0);
    expect(s.worker()).to.deep.include({ state: 'waiting', waitingFor: ['ledger'] });
    s.readyContributors.add('ledger');
    s.supervisor.prerequisiteChanged();
    await s.clock.advance(0);
    expect(s.states).to.deep.equal(['w starting', 'w running', 'w stopping', 'w waiting', 'w starting', 'w running']);
  });

  it('counts no restart and burns none of the window, however often that happens', async () => {
    const s = await supervise([[new HandWorker(), { needs: ['ledger'], restart: { max: 1 } }]]);
    s.readyContributors.add('ledger');
    await s.worker().start();
    for (let i = 0; i < 10; i++) {
      s.readyContributors.delete('ledger');
      s.supervisor.prerequisiteChanged();
      await s.clock.advance(0);
      s.readyContributors.add('ledger');
      s.supervisor.prerequisiteChanged();
      await s.clock.advance(0);
    }
    expect(s.worker()).to.include({ state: 'running', restarts: 0 });
    expect(s.lost).to.deep.equal([]);
  });

  it('lets its run finish within its own budget first', async () => {
    const run = deferred();
    let wasAborted: boolean | undefined;
    const it = routine(async (context) => {
      await run.promise;
      wasAborted = context.signal.aborted;
      return undefined;
    });
    const s = await supervise([[it, { needs: ['ledger'], trigger: every('1h', { immediately: true }) }]]);
    s.readyContributors.add('ledger');
    await s.worker().start();
    await s.clock.advance('1s');
    expect(it.inProgress).to.equal(1);
    s.readyContributors.delete('ledger');
    s.supervisor.prerequisiteChanged();
    await s.clock.advance('1s');
    expect(s.worker().state).to.equal('stopping');
    run.resolve();
    await s.clock.advance(0);
    expect(s.worker().state).to.equal('waiting');
    expect(wasAborted).to.equal(false);
  });

  it('waits while a worker that it needs was stopped for its pause, and not while one is only held', async () => {
    const s = await supervise([
      [new HandWorker(), { name: 'by-hand' }],
      [routine(() => undefined), { name: 'steerable', trigger: every('1h') }],
      [new HandWorker(), { name: 'one', needs: ['by-hand'] }],
      [new HandWorker(), { name: 'other', needs: ['steerable'] }],
    ]);
    for (const { name } of s.supervisor.workers) await s.worker(name).start();
    for (const name of ['by-hand', 'steerable']) await s.worker(name).pause('ada');
    await s.clock.advance(0);
    expect(s.worker('one')).to.deep.include({ state: 'waiting', waitingFor: ['by-hand'] });
    expect(s.worker('other').state).to.equal('running');
    await s.worker('by-hand').resume();
    await s.clock.advance(0);
    expect(s.worker('one').state).to.equal('running');
  });

  it('waits while a worker that it needs is started again, and those who need it wait as well', async () => {
    const base = new HandWorker();
    const s = await supervise([
      [base, { name: 'base' }],
      [new HandWorker(), { name: 'middle', needs: ['base'] }],
      [new HandWorker(), { name: 'top', needs: ['middle'] }],
    ]);
    for (const { name } of s.supervisor.workers) await s.worker(name).start();
    base.context?.fail(new Error('lost the line'));
    await s.clock.advance('10ms');
    expect(s.worker('base').state).to.equal('backing-off');
    expect(s.worker('middle')).to.deep.include({ state: 'waiting', waitingFor: ['base'] });
    expect(s.worker('top')).to.deep.include({ state: 'waiting', waitingFor: ['middle'] });
    await s.clock.advance('1m');
    expect(s.supervisor.workers.map(({ state }) => state)).to.deep.equal(['running', 'running', 'running']);
    expect(s.supervisor.workers.map(({ restarts }) => restarts)).to.deep.equal([1, 0, 0]);
  });

  it('can be stopped at once while it waits', async () => {
    const s = await supervise([[new HandWorker(), { needs: ['ledger'] }]]);
    s.readyContributors.add('ledger');
    await s.worker().start();
    s.readyContributors.delete('ledger');
    s.supervisor.prerequisiteChanged();
    await s.clock.advance(0);
    const report = await s.worker().stop(budget);
    expect(report).to.include({ result: 'not-started', durationMs: 0 });
    expect(s.worker().state).to.equal('stopped');
    expect(s.clock.pending()).to.equal(0);
  });

  it('goes on when what it needs is back before it was told', async () => {
    const s = await supervise([[new HandWorker(), { needs: ['ledger'] }]]);
    s.readyContributors.add('ledger');
    await s.worker().start();
    s.readyContributors.delete('ledger');
    s.supervisor.prerequisiteChanged();
    s.readyContributors.add('ledger');
    await s.clock.advance(0);
    expect(s.states).to.deep.equal(['w starting', 'w running']);
  });

  it('follows its restart policy when it does not come up again', async () => {
    const it = new HandWorker();
    const s = await supervise([[it, { needs: ['ledger'], restart: { max: 1 } }]]);
    s.readyContributors.add('ledger');
    await s.worker().start();
    s.readyContributors.delete('ledger');
    s.supervisor.prerequisiteChanged();
    await s.clock.advance(0);
    it.onStart = () => Promise.reject(new Error('no route'));
    s.readyContributors.add('ledger');
    s.supervisor.prerequisiteChanged();
    await s.clock.advance(0);
    expect(s.worker().state).to.equal('backing-off');
    await s.clock.advance('1m');
    expect(s.lost.map(({ worker }) => worker)).to.deep.equal(['w']);
  });

  it('stays as it is when it is paused, or when the application stops', async () => {
    const s = await supervise([
      [routine(), { name: 'paused', trigger: every('1h'), needs: ['ledger'] }],
      [new HandWorker(), { name: 'up', needs: ['ledger'] }],
    ]);
    s.readyContributors.add('ledger');
    await s.worker('paused').start();
    await s.worker('up').start();
    await s.worker('paused').pause('ada');
    s.supervisor.applicationStops();
    s.readyContributors.delete('ledger');
    s.supervisor.prerequisiteChanged();
    await s.clock.advance(0);
    expect(s.supervisor.workers.map(({ state }) => state)).to.deep.equal(['paused', 'running']);
  });
  it('stays up while what it needs completes, and after that', async () => {
    const it = new HandWorker();
    const stopped = deferred();
    it.onStop = () => stopped.promise;
    const s = await supervise([
      [it, { name: 'source' }],
      [new HandWorker(), { name: 'sink', needs: ['source'] }],
    ]);
    await s.worker('source').start();
    await s.worker('sink').start();
    it.context?.complete();
    await s.clock.advance(0);
    expect(s.worker('source').state).to.equal('stopping');
    expect(s.worker('source').health()).to.include({ status: 'ok' });
    stopped.resolve();
    await s.clock.advance(0);
    expect(s.worker('source').state).to.equal('completed');
    expect(s.states.filter((state) => state.startsWith('sink'))).to.deep.equal(['sink starting', 'sink running']);
  });
});
