import { expect } from 'chai';
import { inject, injectable } from 'inversify';
import { continuously, every, idle, RoutineWorker, tokens, worked, worker, type Outcome } from 'plba';
import { testApplication } from 'plba/testing';
import { caught } from '../../support/caught.js';
import { moduleOf, QuietWorker } from '../../support/modules.js';

abstract class Gateway {
  abstract fetch(): Promise<number>;
}

@injectable()
class HttpGateway extends Gateway {
  fetch(): Promise<number> {
    throw new Error('a test has no network');
  }
}

@worker({ name: 'poller', trigger: every('30s'), needs: ['warm-up'] })
class Poller extends RoutineWorker {
  constructor(@inject(Gateway) private readonly gateway: Gateway) {
    super();
  }
  protected async run(): Promise<Outcome> {
    return worked({ items: await this.gateway.fetch() });
  }
}

@worker({ name: 'warm-up', trigger: continuously() })
class WarmUp extends QuietWorker {}

@worker({ name: 'cleaner', trigger: every('1h') })
class Cleaner extends QuietWorker {}

const PollerModule = moduleOf('poller', (module) => {
  module.bind(Gateway).to(HttpGateway);
  module.worker(Poller);
  module.worker(WarmUp);
  module.worker(Cleaner);
});

const threeItems = { fetch: () => Promise.resolve(3) };

describe('what a test wants of an application', () => {
  describe('a binding that is replaced', () => {
    it('is there before anything is resolved', async () => {
      await using app = await testApplication(PollerModule)
        .rebind(Gateway, (binding) => binding.toConstantValue(threeItems))
        .manual()
        .start();
      expect((await app.step('poller')).items).to.equal(3);
    });

    const rebindOf = async (identifier: symbol | typeof HttpGateway) =>
      caught(() =>
        testApplication(PollerModule)
          .rebind<unknown>(identifier, (binding) => binding.toConstantValue(threeItems))
          .start(),
      );

    it('must be bound by a module, and whoever names the class behind a binding is told the binding', async () => {
      const error = await rebindOf(HttpGateway);
      expect(error).to.include({ code: 'BINDING_MISSING' });
      expect(error.message).to.include('HttpGateway');
      expect(error.hint).to.equal('it is what Gateway is bound to: rebind that');
    });

    it('must be known, and an unknown token is told what there is', async () => {
      const error = await rebindOf(Symbol('Mailbox'));
      expect(error.message).to.include('Symbol(Mailbox)');
      expect(error.hint).to.include('Gateway');
    });

    it('cannot be replaced once the application has started: by the builder', async () => {
      const builder = testApplication(PollerModule).rebind(Gateway, (binding) => binding.toConstantValue(threeItems));
      await using app = await builder.start();
      expect(app.worker('poller').state).to.equal('running');
      const error = await caught(() => builder.rebind(Gateway, (binding) => binding.to(HttpGateway)));
      expect(error).to.include({ code: 'TEST_REBIND_LATE' });
      expect(error.hint).to.include('before .start()');
    });

    it('cannot be replaced once the application has started: in its container', async () => {
      await using app = await testApplication(PollerModule)
        .rebind(Gateway, (binding) => binding.toConstantValue(threeItems))
        .start();
      const rebinding = await caught(() => app.container.rebind(Gateway));
      expect(rebinding).to.include({ code: 'TEST_REBIND_LATE' });
      expect(rebinding.message).to.include('rebind() of Gateway comes too late');
      expect(
        await caught(() => {
          app.container.unbindAll();
        }),
      ).to.include({ code: 'TEST_REBIND_LATE' });
    });

    it('is the same for each application that one builder starts, and nothing else is', async () => {
      const builder = testApplication(PollerModule).rebind(Gateway, (binding) => binding.toConstantValue(threeItems));
      await using first = await builder.start();
      await using second = await builder.start();
      await first.advance('1m');
      expect(first.ledger('poller')).to.have.length(2);
      expect(second.ledger('poller')).to.have.length(0);
      expect(first.get(Gateway)).to.equal(second.get(Gateway));
      expect(first.get(tokens.Clock)).not.to.equal(second.get(tokens.Clock));
    });
  });

  describe('the workers that are in', () => {
    const builder = () =>
      testApplication(PollerModule).rebind(Gateway, (binding) => binding.toConstantValue(threeItems));
    const namesOf = (app: { operator: { workers(): readonly { name: string }[] } }) =>
      app.operator.workers().map(({ name }) => name);

    it('are all but those that are left out', async () => {
      await using app = await builder().without(Cleaner).start();
      expect(namesOf(app)).to.deep.equal(['poller', 'warm-up']);
    });

    it('are only those that are asked for', async () => {
      await using app = await builder().only(WarmUp, Cleaner).start();
      expect(namesOf(app)).to.deep.equal(['warm-up', 'cleaner']);
    });

    it('do not wait for one that is left out', async () => {
      await using app = await builder().only(Poller).start();
      expect(app.worker('poller')).to.deep.include({ state: 'running' });
      expect(app.worker('poller').options.needs).to.deep.equal([]);
    });

    it('may be configured while they are left out', async () => {
      await using app = await builder()
        .without(Cleaner)
        .config({ plba: { workers: { cleaner: { timeout: '5s' } } } })
        .start();
      expect(namesOf(app)).not.to.include('cleaner');
    });

    for (const word of ['only', 'without'] as const) {
      it(`must be listed by a module: ${word}()`, async () => {
        @worker({ name: 'stranger' })
        class Stranger extends QuietWorker {}
        const error = await caught(() => builder()[word](Stranger).start());
        expect(error).to.include({ code: 'WORKER_UNKNOWN' });
        expect(error.message).to.include(`${word}(Stranger)`);
        expect(error.hint).to.include('Poller, WarmUp, Cleaner');
      });
    }
  });

  it('has chance give the same each time, until a seed says otherwise', async () => {
    @worker({ name: 'jittery', trigger: every('1m', { jitter: 0.5 }) })
    class Jittery extends RoutineWorker {
      protected run(): Promise<Outcome> {
        return Promise.resolve(idle());
      }
    }
    const module = moduleOf('m', (builder) => {
      builder.worker(Jittery);
    });
    const startsOf = async (seed?: number): Promise<string> => {
      const builder = testApplication(module);
      await using app = await (seed === undefined ? builder : builder.seed(seed)).start();
      await app.advance('10m');
      return app
        .ledger('jittery')
        .map(({ started, traceId }) => `${started.toISOString()} ${traceId}`)
        .join();
    };
    const usual = await startsOf();
    expect(await startsOf()).to.equal(usual);
    expect(await startsOf(7))
      .to.equal(await startsOf(7))
      .and.not.to.equal(usual);
  });
});
