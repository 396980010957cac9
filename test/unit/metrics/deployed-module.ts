import 'reflect-metadata';
import { inject } from 'inversify';
import {
  ApplicationModule,
  every,
  healthContributor,
  InMemoryTaskQueue,
  type Metrics,
  type ModuleBuilder,
  RoutineWorker,
  tokens,
  worker,
} from 'plba';

@worker({ name: 'w', trigger: every('1h') })
class Work extends RoutineWorker {
  private readonly queue: InMemoryTaskQueue<number>;

  constructor(@inject(tokens.Metrics) metrics: Metrics) {
    super();
    this.queue = new InMemoryTaskQueue({ concurrency: 1, capacity: 1, overflow: 'wait', metrics }, () => undefined);
  }

  protected override async run(): Promise<void> {
    await this.queue.submit(1);
  }
}

@healthContributor({ name: 'c' })
class Contributor {
  check(): 'ok' {
    return 'ok';
  }
}

/** An application that has one of each: whatever the platform measures is measured in it. */
export class DeployedModule extends ApplicationModule {
  readonly name = 'deployed';
  override assemble(module: ModuleBuilder): void {
    module.worker(Work);
    module.healthContributor(Contributor);
  }
}
