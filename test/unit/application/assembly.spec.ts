import { expect } from 'chai';
import { inject, injectable, injectFromBase } from 'inversify';
import {
  ApplicationModule,
  configuration,
  createApplication,
  healthContributor,
  RoutineWorker,
  tokens,
  worker,
  type ModuleBuilder,
  type Worker,
} from 'plba';
import { testApplication } from 'plba/testing';
import { caught } from '../../support/caught.js';
import { moduleOf, QuietWorker } from '../../support/modules.js';

@injectable()
class Gateway {}

@injectable()
class Ledger {
  constructor(@inject(Gateway) readonly gateway: Gateway) {}
}

@worker({ name: 'intake' })
class Intake extends QuietWorker {
  constructor(@inject(Ledger) readonly ledger: Ledger) {
    super();
  }
}

/** An application without anything around it. */
const embedded = { env: {}, config: { plba: { control: { enabled: false }, logging: { level: 'silent' } } } };

describe('assembly', () => {
  it('takes each imported module once, and the imported before those who import them', async () => {
    class Base extends ApplicationModule {
      readonly name = 'base';
      assemble(module: ModuleBuilder): void {
        module.worker(BaseWorker);
      }
    }
    class Left extends ApplicationModule {
      readonly name = 'left';
      assemble(module: ModuleBuilder): void {
        module.import(Base);
      }
    }
    class Root extends ApplicationModule {
      readonly name = 'root';
      assemble(module: ModuleBuilder): void {
        module.worker(RootWorker);
        module.import(Left);
        module.import(Base);
      }
    }
    @worker({ name: 'base-worker' })
    class BaseWorker extends QuietWorker {}
    @worker({ name: 'root-worker' })
    class RootWorker extends QuietWorker {}

    const app = await testApplication(Root).start();
    const workers = app.container.getAll<Worker>(tokens.Worker).map(({ constructor }) => constructor.name);
    expect(workers).to.deep.equal(['BaseWorker', 'RootWorker']);
    await app.stop();
  });

  it('names the circle of modules that import each other', () => {
    class First extends ApplicationModule {
      readonly name = 'first';
      assemble(module: ModuleBuilder): void {
        module.import(Second);
      }
    }
    class Second extends ApplicationModule {
      readonly name = 'second';
      assemble(module: ModuleBuilder): void {
        module.import(First);
      }
    }
    expect(() => createApplication(First))
      .to.throw('first -> second -> first')
      .with.property('code', 'MODULE_CYCLE');
  });

  it('refuses two modules of one name', () => {
    class Twin extends ApplicationModule {
      readonly name = 'twin';
      assemble(): void {}
    }
    class Other extends ApplicationModule {
      readonly name = 'twin';
      assemble(module: ModuleBuilder): void {
        module.import(Twin);
      }
    }
    expect(() => createApplication(Other))
      .to.throw('twin')
      .with.property('code', 'MODULE_DUPLICATE');
  });

  it('names a module that throws while it is assembled, with the cause', () => {
    class Broken extends ApplicationModule {
      readonly name = 'broken';
      assemble(): void {
        throw new Error('no such folder');
      }
    }
    expect(() => createApplication(Broken))
      .to.throw('"broken"')
      .that.includes({ code: 'ASSEMBLY_FAILED' })
      .with.nested.property('cause.message', 'no such folder');
  });

  it('names the whole chain to a binding that is missing: module, worker, service, what is missing', async () => {
    const root = moduleOf('invoices', (module) => {
      module.bind(Ledger).toSelf();
      module.worker(Intake);
    });
    const error = await caught(() => testApplication(root).start());
    expect(error).to.include({ code: 'BINDING_MISSING' });
    expect(error.message).to.include('module "invoices" -> worker "intake" (Intake) -> Ledger -> Gateway (missing)');
  });

  it('says that a class of configuration is given to a module, not bound', async () => {
    @configuration('gateway')
    class GatewayConfig {}
    @worker({ name: 'by-config' })
    class ByConfig extends QuietWorker {
      constructor(@inject(GatewayConfig) readonly config: GatewayConfig) {
        super();
      }
    }
    const root = moduleOf('invoices', (module) => {
      module.worker(ByConfig);
    });
    const error = await caught(() => testApplication(root).start());
    expect(error).to.include({ code: 'BINDING_MISSING', hint: 'give it to a module: module.config(GatewayConfig)' });
  });

  it('follows the chain through a service that is bound by symbol', async () => {
    const LedgerToken = Symbol('LedgerToken');
    @worker({ name: 'by-symbol' })
    class BySymbol extends QuietWorker {
      constructor(@inject(LedgerToken) readonly ledger: Ledger) {
        super();
      }
    }
    const root = moduleOf('invoices', (module) => {
      module.bind(LedgerToken).to(Ledger);
      module.worker(BySymbol);
    });
    const error = await caught(() => testApplication(root).start());
    expect(error.message).to.include('Symbol(LedgerToken) -> Gateway (missing)');
  });

  it('names the circle of components that need each other', async () => {
    const Hen = Symbol('Hen');
    const Egg = Symbol('Egg');
    @injectable()
    class TheHen {
      constructor(@inject(Egg) readonly egg: unknown) {}
    }
    @injectable()
    class TheEgg {
      constructor(@inject(Hen) readonly hen: unknown) {}
    }
    @worker({ name: 'farm' })
    class Farm extends QuietWorker {
      constructor(@inject(Hen) readonly hen: unknown) {
        super();
      }
    }
    const root = moduleOf('farm', (module) => {
      module.bind(Hen).to(TheHen);
      module.bind(Egg).to(TheEgg);
      module.worker(Farm);
    });
    const error = await caught(() => testApplication(root).start());
    expect(error).to.include({ code: 'BINDING_CYCLE' });
    expect(error.message).to.include('Symbol(Hen) -> Symbol(Egg) -> Symbol(Hen)');
  });

  it('names who was being constructed when a constructor throws, and keeps the cause', async () => {
    @injectable()
    class Explosive {
      constructor() {
        throw new Error('no dynamite');
      }
    }
    @worker({ name: 'miner' })
    class Miner extends QuietWorker {
      constructor(@inject(Explosive) readonly explosive: Explosive) {
        super();
      }
    }
    const root = moduleOf('mine', (module) => {
      module.bind(Explosive).toSelf();
      module.worker(Miner);
    });
    const error = await caught(() => testApplication(root).start());
    expect(error).to.include({ code: 'BINDING_FAILED' }).with.nested.property('cause.message', 'no dynamite');
    expect(error.message).to.include('worker "miner"');
  });

  it('resolves every worker before any of them starts', async () => {
    let started = 0;
    @worker({ name: 'sound' })
    class Sound implements Worker {
      start(): void {
        started++;
      }
      stop(): void {}
      health(): { status: 'ok' } {
        return { status: 'ok' };
      }
      status(): { state: 'running' } {
        return { state: 'running' };
      }
    }
    const root = moduleOf('invoices', (module) => {
      module.worker(Sound);
      module.worker(Intake);
    });
    await caught(() => testApplication(root).start());
    expect(started).to.equal(0);
  });

  it('takes a worker with @injectable() and one without alike', async () => {
    @injectable()
    @worker({ name: 'with' })
    class With extends QuietWorker {}
    @worker({ name: 'without' })
    class Without extends QuietWorker {}
    const root = moduleOf('both', (module) => {
      module.worker(With);
      module.worker(Without);
    });
    const app = await testApplication(root).start();
    expect(app.worker('with').state).to.equal('running');
    expect(app.worker('without').state).to.equal('running');
    await app.stop();
  });

  it('constructs workers that have nothing injected, each once, and binds them like any other', async () => {
    const made: string[] = [];
    @worker({ name: 'plain' })
    class Plain extends QuietWorker {
      constructor() {
        super();
        made.push('plain');
      }
    }
    @injectable()
    @worker({ name: 'marked' })
    class Marked extends QuietWorker {
      constructor() {
        super();
        made.push('marked');
      }
    }
    @worker({ name: 'overseer' })
    class Overseer extends QuietWorker {
      constructor(
        @inject(Plain) readonly plain: Plain,
        @inject(Marked) readonly marked: Marked,
      ) {
        super();
      }
    }
    const root = moduleOf('crowd', (module) => {
      module.worker(Overseer);
      module.worker(Plain);
      module.worker(Marked);
    });
    const application = createApplication(root, embedded);
    await application.start();
    const overseer = application.get(Overseer);
    expect(overseer.plain).to.equal(application.get(Plain)).and.be.instanceOf(Plain);
    expect(overseer.marked).to.equal(application.get(Marked)).and.be.instanceOf(Marked);
    expect(made.sort()).to.deep.equal(['marked', 'plain']);
    const all = application.get(tokens.Container).getAll(tokens.Worker);
    expect(all).to.deep.equal([overseer, overseer.plain, overseer.marked]);
    await application.stop();
  });

  it('has the container construct a worker whose fields, or whose base class, are injected', async () => {
    class Gauge {}
    class Measuring extends QuietWorker {
      @inject(Gauge) readonly gauge!: Gauge;
    }
    @worker({ name: 'by-field' })
    class ByField extends QuietWorker {
      @inject(Gauge) readonly gauge!: Gauge;
    }
    @injectFromBase({ extendProperties: true })
    @worker({ name: 'by-base' })
    class ByBase extends Measuring {}
    const root = moduleOf('gauges', (module) => {
      module.bind(Gauge).toConstantValue(new Gauge());
      module.worker(ByField);
      module.worker(ByBase);
    });
    const application = createApplication(root, embedded);
    await application.start();
    expect(application.get(ByField).gauge).to.be.instanceOf(Gauge);
    expect(application.get(ByBase).gauge).to.be.instanceOf(Gauge);
    await application.stop();
  });

  it('names the worker whose own constructor throws, and keeps the cause', async () => {
    @worker({ name: 'fuse' })
    class Fuse extends QuietWorker {
      constructor() {
        super();
        throw new Error('blown');
      }
    }
    const root = moduleOf('house', (module) => {
      module.worker(Fuse);
    });
    const error = await caught(() => createApplication(root, embedded).start());
    expect(error).to.include({ code: 'BINDING_FAILED' }).with.nested.property('cause.message', 'blown');
    expect(error.message).to.include('module "house" -> worker "fuse" (Fuse)');
  });

  it('refuses a class that is listed as a worker and not tagged, also when its base class is', async () => {
    @worker({ name: 'base' })
    class Base extends QuietWorker {}
    class Derived extends Base {}
    const error = await caught(() =>
      testApplication(
        moduleOf('m', (module) => {
          module.worker(Derived);
        }),
      ).start(),
    );
    expect(error).to.include({ code: 'DECORATOR_MISUSED' });
    expect(error.message).to.include('Derived');
  });

  it('refuses to tag a class twice', () => {
    expect(() => {
      @worker({ name: 'a' })
      @worker({ name: 'b' })
      class Twice extends RoutineWorker {
        protected run(): Promise<void> {
          return Promise.resolve();
        }
      }
      return Twice;
    })
      .to.throw('Twice')
      .with.property('code', 'DECORATOR_MISUSED');
  });

  it('runs two applications of the same modules in one process without sharing anything', async () => {
    const root = moduleOf('invoices', (module) => {
      module.bind(Gateway).toSelf().inSingletonScope();
      module.bind(Ledger).toSelf().inSingletonScope();
      module.worker(Intake);
    });
    const [one, two] = await Promise.all([testApplication(root).start(), testApplication(root).start()]);
    expect(one.get(Intake).ledger).not.to.equal(two.get(Intake).ledger);
    await Promise.all([one.stop(), two.stop()]);
  });

  for (const name of ['', '__proto__', 'constructor', 'toString', 'a/b', 'a b', '-a', 'ä', 'x'.repeat(65)]) {
    it(`refuses the worker name ${JSON.stringify(name)}`, async () => {
      @worker({ name })
      class Named extends QuietWorker {}
      const error = await caught(() =>
        testApplication(
          moduleOf('m', (module) => {
            module.worker(Named);
          }),
        ).start(),
      );
      expect(error).to.include({ code: 'NAME_INVALID' });
      expect(error.message).to.include('Named');
    });
  }

  it('refuses two workers of one name and names both classes', async () => {
    @worker({ name: 'same' })
    class One extends QuietWorker {}
    @worker({ name: 'same' })
    class Two extends QuietWorker {}
    const root = moduleOf('m', (module) => {
      module.worker(One);
      module.worker(Two);
    });
    const error = await caught(() => testApplication(root).start());
    expect(error).to.include({ code: 'NAME_DUPLICATE' });
    expect(error.message).to.include('One').and.include('Two');
  });

  it('refuses a worker and a health contributor of one name: needs could mean either', async () => {
    @worker({ name: 'ledger' })
    class LedgerWorker extends QuietWorker {}
    @healthContributor({ name: 'ledger' })
    class LedgerHealth {
      check(): 'ok' {
        return 'ok';
      }
    }
    const root = moduleOf('m', (module) => {
      module.worker(LedgerWorker);
      module.healthContributor(LedgerHealth);
    });
    const error = await caught(() => testApplication(root).start());
    expect(error).to.include({ code: 'NAME_DUPLICATE' });
    expect(error.message).to.include('LedgerWorker').and.include('LedgerHealth');
  });

  it('names who was being constructed when that takes longer than a start may', async () => {
    const root = moduleOf('m', (module) => {
      module.bind(Ledger).toDynamicValue(() => new Promise<never>(() => undefined));
      module.worker(Intake);
    });
    const config = { plba: { ...embedded.config.plba, start: { timeout: '50ms' } } };
    const error = await caught(() => createApplication(root, { ...embedded, config }).start());
    expect(error).to.include({ code: 'START_TIMED_OUT' });
    expect(error.message).to.include('worker "intake" of module "m" was still being constructed after 50ms');
  });
});
