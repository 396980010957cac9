import { expect } from 'chai';
import { every, healthContributor, worker } from 'plba';
import { testApplication } from 'plba/testing';
import { moduleOf, QuietWorker } from '../../support/modules.js';

@worker({ name: 'nightly', trigger: every('24h') })
class Nightly extends QuietWorker {}

@healthContributor({ name: 'ledger', every: '15s' })
class LedgerHealth {
  check() {
    return 'ok' as const;
  }
}

const quiet = moduleOf('quiet', (module) => {
  module.worker(Nightly);
  module.healthContributor(LedgerHealth);
});

interface Report {
  readonly workers: Record<string, { readonly checkedAt: string }>;
  readonly contributors: Record<string, { readonly checkedAt: string }>;
}

describe('what health shows over HTTP', () => {
  it('is never old, however seldom anything changes, for whoever asks again and again', async () => {
    await using app = await testApplication(quiet).start();
    const oldestMs = { nightly: 0, ledger: 0 };
    for (let i = 0; i < 40; i++) {
      const { workers, contributors } = (await app.inject('GET /health')).json as Report;
      const ageOf = (shown: { readonly checkedAt: string } | undefined): number =>
        app.clock.now() - Date.parse(shown?.checkedAt ?? '');
      oldestMs.nightly = Math.max(oldestMs.nightly, ageOf(workers['nightly']));
      oldestMs.ledger = Math.max(oldestMs.ledger, ageOf(contributors['ledger']));
      await app.advance('7s');
    }
    // Ten seconds and the look after that; a period of the check, and the five seconds until it shows.
    expect(oldestMs.nightly).to.be.at.most(20_000);
    expect(oldestMs.ledger).to.be.at.most(27_000);
  });

  it('costs no look at anybody when nobody asks', async () => {
    await using app = await testApplication(quiet).start();
    await app.inject('GET /health');
    await app.advance('1m');
    const timers = app.clock.pendingTimers().filter(({ dueAt }) => dueAt.getTime() - app.clock.now() < 15_000);
    expect(timers.filter(({ origin }) => origin.includes('sweep'))).to.deep.equal([]);
  });
});
