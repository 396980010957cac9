import { ApplicationModule, type ModuleBuilder } from 'plba';
import { InboxConfig } from './inbox-config';
import { InboxRoutine } from './inbox-routine';
import { InboxWorker } from './inbox-worker';

/** What the application consists of. */
export class RootModule extends ApplicationModule {
  readonly name = 'my-application';

  override assemble(module: ModuleBuilder): void {
    module.config(InboxConfig);
    module.bind(InboxRoutine).toSelf().inSingletonScope();
    module.worker(InboxWorker);
  }
}
