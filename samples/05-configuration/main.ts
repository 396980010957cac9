// Shows configuration: a class is the schema, values come from files, variables and arguments, and a mistake is found before
// anything starts. Prints what is in force and ends, or follows it.
//
//   npx ts-node samples/05-configuration/main.ts                               what config/application.yaml says
//   PLBA_PROFILE=test npx ts-node samples/05-configuration/main.ts             … and config/application.test.yaml over it
//   LEDGER__BATCH_SIZE=7 npx ts-node samples/05-configuration/main.ts          a variable wins over the files
//   npx ts-node samples/05-configuration/main.ts --set ledger.batchSize=9      an argument wins over all of them
//   LEDGER__API_KEY_FILE=/run/secrets/key npx ts-node samples/05-configuration/main.ts      a secret from a mounted file
//   LEDGER__BATCH_SIZE=0 LEDGER__BATCHSIZE=7 npx ts-node samples/05-configuration/main.ts    one report, exit code 2
//   WATCH=true npx ts-node samples/05-configuration/main.ts     goes on: change the file, `kill -HUP <pid>`, and see. Ctrl-C ends it
import 'reflect-metadata';
import { join } from 'node:path';
import { IsInt, IsUrl, Max, Min } from 'class-validator';
import { inject } from 'inversify';
import {
  ApplicationModule,
  configRef,
  configuration,
  continuously,
  once,
  RoutineWorker,
  runApplication,
  secret,
  worker,
  type ConfigRef,
  type ModuleBuilder,
  type RunContext,
} from 'plba';

@configuration('ledger')
class LedgerConfig {
  /** Required: it has no default. */
  @IsUrl({ require_tld: false }) url!: string;
  @IsInt() @Min(1) @Max(1000) batchSize = 50;
  /** Never in a log, an error text or the control plane, wherever the application puts it. */
  @secret() apiKey!: string;
}

@worker({ name: 'show', trigger: once() })
class ShowWorker extends RoutineWorker {
  constructor(@inject(LedgerConfig) private readonly config: LedgerConfig) {
    super();
  }

  protected override run(context: RunContext): Promise<void> {
    const { url, batchSize, apiKey } = this.config;
    context.log.info({ batchSize }, `would call ${url}?key=${encodeURIComponent(apiKey)}`);
    return Promise.resolve();
  }
}

/** Follows the section: a reload reaches it while it runs. */
@worker({ name: 'follow', trigger: continuously({ idle: '1h' }) })
class FollowWorker extends RoutineWorker {
  constructor(@inject(configRef(LedgerConfig)) private readonly config: ConfigRef<LedgerConfig>) {
    super();
  }

  protected override async run(context: RunContext): Promise<void> {
    context.log.info(`process ${process.pid} follows batchSize ${this.config.current.batchSize}`);
    const end = this.config.onChange((now, before) => {
      context.log.info(`batchSize is ${now.batchSize}, was ${before.batchSize}`);
    });
    await context.sleep('1h');
    end();
  }
}

class ConfigurationModule extends ApplicationModule {
  readonly name = 'configuration';

  override assemble(module: ModuleBuilder): void {
    module.config(LedgerConfig);
    module.worker(ShowWorker);
    if (process.env['WATCH'] === 'true') module.worker(FollowWorker);
  }
}

void runApplication(ConfigurationModule, {
  directory: process.env['LEDGER_FOLDER'] ?? join('samples', '05-configuration'),
});
