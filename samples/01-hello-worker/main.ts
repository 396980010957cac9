// Shows the smallest application: one module, one worker, five runs, and an end by itself with exit code 0.
import 'reflect-metadata';
import {
  ApplicationModule,
  every,
  RoutineWorker,
  runApplication,
  worked,
  worker,
  type ModuleBuilder,
  type Outcome,
  type RunContext,
} from 'plba';

@worker({ name: 'hello', trigger: every('200ms', { immediately: true }), until: { runs: 5 } })
class HelloWorker extends RoutineWorker {
  protected override run(context: RunContext): Promise<Outcome> {
    context.log.info(`hello, this is run ${context.runId}`);
    return Promise.resolve(worked({ items: 1 }));
  }
}

class HelloModule extends ApplicationModule {
  readonly name = 'hello';

  override assemble(module: ModuleBuilder): void {
    module.worker(HelloWorker);
  }
}

void runApplication(HelloModule);
