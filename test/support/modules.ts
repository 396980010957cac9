import type { Newable } from 'inversify';
import { ApplicationModule, idle, RoutineWorker, type ModuleBuilder, type Outcome } from 'plba';

/** A module that consists of what `assemble` says. */
export function moduleOf(name: string, assemble: (module: ModuleBuilder) => void): Newable<ApplicationModule> {
  return class extends ApplicationModule {
    readonly name = name;
    assemble(module: ModuleBuilder): void {
      assemble(module);
    }
  };
}

/** A worker that never finds anything to do. */
export class QuietWorker extends RoutineWorker {
  protected run(): Promise<Outcome> {
    return Promise.resolve(idle());
  }
}
