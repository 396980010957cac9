import { expect } from 'chai';
import { healthContributor, once, RoutineWorker, tokens, worker, type Clock } from 'plba';
import { testApplication } from 'plba/testing';
import { inject, injectable } from 'inversify';
import { moduleOf } from '../../support/modules.js';

/** Takes two seconds to come to be. */
@injectable()
class Pool {
  constructor(@inject(tokens.Clock) readonly clock: Clock) {}
}

@healthContributor({ name: 'ledger', timeout: '10s' })
class Ledger {
  constructor(@inject(Pool) private readonly pool: Pool) {}

  async check(): Promise<'ok'> {
    await new Promise<void>((resolve) => this.pool.clock.setTimer(3_000, resolve));
    return 'ok';
  }
}

@worker({ name: 'intake', trigger: once(), needs: ['ledger'] })
class Intake extends RoutineWorker {
  protected override run(): Promise<void> {
    return Promise.resolve();
  }
}

describe('the timelines of a start', () => {
  it('say when each was constructed, asked or started, and ready, and what it waited for', async () => {
    const module = moduleOf('invoices', (each) => {
      each.healthContributor(Ledger);
      each.worker(Intake);
      each
        .bind(Pool)
        .toDynamicValue(async (context) => {
          const clock = context.get<Clock>(tokens.Clock);
          await new Promise<void>((resolve) => clock.setTimer(2_000, resolve));
          return new Pool(clock);
        })
        .inSingletonScope();
    });
    await using app = await testApplication(module).start();
    await app.until('intake', 'completed');
    const { json } = await app.inject('/status');
    const status = json as { timeline: unknown; contributorTimeline: unknown };
    expect(status.contributorTimeline).to.deep.equal([
      { contributor: 'ledger', constructedMs: 2_000, startedMs: 2_000, readyMs: 5_000 },
    ]);
    expect(status.timeline).to.deep.equal([
      { worker: 'intake', constructedMs: 2_000, startedMs: 2_000, readyMs: 5_000, waitedFor: ['ledger'] },
    ]);
  });
});
