import { expect } from 'chai';
import { inject, injectable, multiInject } from 'inversify';
import { Min } from 'class-validator';
import {
  ApplicationModule,
  configRef,
  configuration,
  cron,
  every,
  healthContributor,
  secret,
  tokens,
  worker,
  type ModuleBuilder,
} from 'plba';
import type { Blueprint } from '../../../src/application/blueprint.js';
import { type BlueprintOptions, drawBlueprint } from '../../../src/application/draw-blueprint.js';
import { HandWorker } from '../../fakes/supervision.js';
import { QuietWorker } from '../../support/modules.js';

@configuration('invoices')
class InvoiceConfig {
  @Min(1) batchSize = 50;
  @secret() apiKey = '';
}

let constructed: string[] = [];

@injectable()
class Gateway {
  constructor(@inject(InvoiceConfig) config: InvoiceConfig) {
    constructed.push(`gateway ${config.batchSize}`);
  }
}

@worker({ name: 'intake', trigger: every('30s'), needs: ['ledger'] })
class Intake extends QuietWorker {
  constructor(@inject(Gateway) gateway: Gateway) {
    super();
    constructed.push(`intake with ${typeof gateway}`);
  }
}

@worker({ name: 'plain', trigger: cron('0 2 * * *', { timezone: 'Europe/Berlin' }), critical: false })
class Plain extends QuietWorker {
  constructor() {
    super();
    constructed.push('plain');
  }
}

@healthContributor({ name: 'ledger' })
class LedgerHealth {
  check() {
    return 'ok' as const;
  }
}

class LedgerModule extends ApplicationModule {
  readonly name = 'ledger';
  assemble(module: ModuleBuilder): void {
    module.healthContributor(LedgerHealth);
  }
}

/** A root module that is built on the ledger. */
function rootOf(fill: (module: ModuleBuilder) => void) {
  return class Root extends ApplicationModule {
    readonly name = 'invoices';
    assemble(module: ModuleBuilder): void {
      module.import(LedgerModule);
      fill(module);
    }
  };
}

function draw(fill: (module: ModuleBuilder) => void, options: BlueprintOptions = {}): Promise<Blueprint> {
  return drawBlueprint(rootOf(fill), { env: {}, directory: '/nonexistent', ...options });
}

function sound(module: ModuleBuilder): void {
  module.config(InvoiceConfig);
  module.bind(Gateway).toSelf().inSingletonScope();
  module.worker(Intake);
  module.worker(Plain);
}

describe('the blueprint of an application', () => {
  beforeEach(() => {
    constructed = [];
  });

  it('says what the application is built of, and constructs nothing', async () => {
    const { problems, ...blueprint } = await draw(sound);
    expect(problems).to.deep.equal([]);
    expect(constructed).to.deep.equal([]);
    expect(blueprint.application).to.equal('invoices');
    expect(blueprint.modules).to.deep.equal([
      { name: 'ledger', imports: [] },
      { name: 'invoices', imports: ['ledger'] },
    ]);
    expect(blueprint.workers.map(({ name, type, needs, critical }) => [name, type, needs, critical])).to.deep.equal([
      ['intake', 'Intake', ['ledger'], true],
      ['plain', 'Plain', [], false],
    ]);
    expect(blueprint.contributors).to.deep.equal([
      { name: 'ledger', module: 'ledger', type: 'LedgerHealth', critical: true },
    ]);
  });

  it('has the workers as configuration would have them', async () => {
    const set = ['plba.workers.intake.trigger.every=5m', 'plba.workers.plain.enabled=false'];
    const { workers, problems } = await draw(sound, { set });
    expect(problems).to.deep.equal([]);
    expect(workers[0]?.trigger).to.include({ kind: 'every', periodMs: 300_000 });
    expect(workers[1]?.enabled).to.be.false;
    const { workers: same } = await draw(sound, { readArguments: () => ['plba.workers.plain.enabled=false'] });
    expect(same[1]?.enabled).to.be.false;
  });

  it('has no trigger for a worker that decides by itself when to run', async () => {
    @worker({ name: 'by-hand' })
    class ByHand extends HandWorker {}
    @worker({ name: 'usual' })
    class Usual extends QuietWorker {}
    const { workers } = await draw((module) => {
      module.worker(ByHand);
      module.worker(Usual);
    });
    expect(workers.map(({ name, trigger }) => [name, trigger?.kind])).to.deep.equal([
      ['by-hand', undefined],
      ['usual', 'continuously'],
    ]);
  });

  it('finds all that is wrong at once, configuration and wiring, without any secret', async () => {
    @worker({ name: 'lost', needs: ['nobody'] })
    class Lost extends QuietWorker {
      constructor(@inject('mailbox') readonly mailbox: unknown) {
        super();
      }
    }
    @worker({ name: 'never', trigger: cron('61 * * * *') })
    class Never extends QuietWorker {}
    const env = {
      INVOICES__API_KEY: 'hunter2-hunter2',
      INVOICES__BATCH_SIZE: '0',
      INVOICES__COLOUR: 'hunter2-hunter2',
    };
    const { problems } = await draw(
      (module) => {
        module.config(InvoiceConfig);
        module.worker(Intake);
        module.worker(Lost);
        module.worker(Never);
      },
      { env },
    );
    const found = problems.map(({ kind, code }) => `${kind} ${code ?? ''}`);
    expect(found).to.have.members([
      'configuration CONFIG_INVALID',
      'wiring TRIGGER_INVALID',
      'wiring NEEDS_UNKNOWN',
      'wiring BINDING_MISSING',
      'wiring BINDING_MISSING',
    ]);
    const text = JSON.stringify(problems);
    expect(text)
      .to.contain('worker \\"intake\\" (Intake) -> Gateway (missing)')
      .and.contain('worker \\"lost\\" (Lost) -> mailbox (missing)')
      .and.contain('INVOICES__COLOUR')
      .and.contain('worker \\"never\\"')
      .and.not.contain('hunter2');
  });

  it('finds settings that the start refuses', async () => {
    for (const setting of [
      'plba.control.host=0.0.0.0',
      'plba.shutdown.timeout=5m',
      'plba.health.contributors.nobody.critical=false',
      'plba.workers.intake.needs=["plain","intake"]',
      'plba.telemetry.otlp.endpoint=nowhere',
    ]) {
      const { problems } = await draw(sound, { set: [setting] });
      expect(
        problems.map(({ kind }) => kind),
        setting,
      ).to.include('configuration');
      expect(problems[0]?.message).to.contain(setting.split('=')[0]);
    }
  });

  it('takes for bound what the platform binds, and nothing else', async () => {
    @worker({ name: 'greedy' })
    class Greedy extends QuietWorker {
      @inject(configRef(InvoiceConfig)) readonly ref: unknown;
      @inject(tokens.Secrets) readonly secrets: unknown;
      @inject(tokens.Container) readonly container: unknown;
      @multiInject(tokens.HealthContributor) readonly contributors: unknown;
    }
    for (const service of Object.values(tokens)) {
      @worker({ name: 'each' })
      class Each extends QuietWorker {
        @inject(service) readonly it: unknown;
      }
      const { problems } = await draw((module) => {
        module.worker(Each);
      });
      const isOfAKind = [tokens.Worker, tokens.ControlRoute].some((token) => token === service);
      expect(problems, String(service)).to.have.length(isOfAKind ? 1 : 0);
    }
    const { problems } = await draw((module) => {
      sound(module);
      module.worker(Greedy);
    });
    expect(problems).to.deep.equal([]);
  });

  it('of a module that cannot be assembled has its class and the reason', async () => {
    const { application, problems } = await draw(() => {
      throw new Error('no folder today');
    });
    expect(application).to.equal('Root');
    expect(problems).to.have.length(1);
    expect(problems[0]).to.deep.include({ kind: 'wiring', code: 'ASSEMBLY_FAILED', causes: ['no folder today'] });
  });
});
