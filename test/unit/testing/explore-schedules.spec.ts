import { expect } from 'chai';
import { inject, injectable } from 'inversify';
import { every, RoutineWorker, worked, worker, type Outcome, type RunContext } from 'plba';
import { exploreSchedules, testApplication, type TestApplicationBuilder } from 'plba/testing';
import { caught } from '../../support/caught.js';
import { moduleOf } from '../../support/modules.js';

/** An account whose two users each read it, wait for nothing in particular, and write it back. */
@injectable()
class Account {
  balance = 0;
}

abstract class Booker extends RoutineWorker {
  protected abstract readonly account: Account;
  protected override async run(run: RunContext): Promise<Outcome> {
    const { balance } = this.account;
    if (run.worker === 'slow') await Promise.resolve();
    this.account.balance = balance + 1;
    return worked();
  }
}

@worker({ name: 'slow', trigger: every('1m') })
class Slow extends Booker {
  constructor(@inject(Account) protected readonly account: Account) {
    super();
  }
}

@worker({ name: 'quick', trigger: every('1m') })
class Quick extends Booker {
  constructor(@inject(Account) protected readonly account: Account) {
    super();
  }
}

const application = (): TestApplicationBuilder =>
  testApplication(
    moduleOf('m', (module) => {
      module.bind(Account).toSelf().inSingletonScope();
      module.worker(Quick);
      module.worker(Slow);
    }),
  );

const noUpdateIsLost = async (app: Awaited<ReturnType<TestApplicationBuilder['start']>>): Promise<void> => {
  await app.advance('1m');
  const { balance } = app.get(Account);
  if (balance !== 2) throw new Error(`two have booked, and the balance is ${balance}`);
};

describe('exploreSchedules', () => {
  it('finds the order of events in which an update is lost, which the usual order does not show', async () => {
    await using usual = await application().start();
    await noUpdateIsLost(usual);
    const error = await caught(() => exploreSchedules(application, { property: noUpdateIsLost, runs: 200, seed: 1 }));
    expect(error).to.include({ code: 'TEST_SCHEDULE_BROKEN' });
    expect(error.message).to.match(/with seed \d+: two have booked, and the balance is 1/);
    expect(error.cause).to.be.an('error');
  });

  it('says how to replay what it has found', async () => {
    const { hint = '' } = await caught(() =>
      exploreSchedules(application, { property: noUpdateIsLost, runs: 200, seed: 1 }),
    );
    const seed = Number(/\.seed\((\d+)\)/.exec(hint)?.[1]);
    const replayed = await caught(() => exploreSchedules(application(), { property: noUpdateIsLost, runs: 1, seed }));
    expect(replayed.message).to.include(`in run 1, with seed ${seed}`);
    await using app = await application().seed(seed).start();
    await app.advance('1m');
    expect(app.get(Account).balance).to.equal(1);
  });

  it('does as many runs as it is told when nothing is to be found, each with a fresh application', async () => {
    let runs = 0;
    const explored = await exploreSchedules(application, {
      runs: 50,
      property: async (app) => {
        expect(app.get(Account).balance).to.equal(0);
        await app.advance('30s');
        runs++;
      },
    });
    expect(explored.runs).to.equal(50);
    expect(runs).to.equal(50);
  });

  it('takes a leak for a broken property', async () => {
    const error = await caught(() =>
      exploreSchedules(application, {
        runs: 1,
        property: (app) => app.clock.setTimer(60_000, () => undefined),
      }),
    );
    expect(error.cause).to.include({ code: 'TEST_LEAKED' });
  });

  it('refuses no runs at all', async () => {
    const error = await caught(() => exploreSchedules(application, { property: () => undefined, runs: 0 }));
    expect(error).to.include({ code: 'OPTION_INVALID' });
  });
});
