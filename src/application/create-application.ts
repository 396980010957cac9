import type { Newable } from 'inversify';
import type { ApplicationModule } from '../contracts/application.js';
import type { Application, ApplicationOptions } from './application.js';
import { assemble } from './assemble.js';
import { AssembledApplication } from './assembled-application.js';
import { handOver } from './hand-over.js';

/**
 * Makes an application of a root module, for embedding and for tests. Nothing is constructed before {@link Application.start}.
 * @throws what assembling the modules throws, such as `MODULE_CYCLE`
 */
export function createApplication(root: Newable<ApplicationModule>, options: ApplicationOptions = {}): Application {
  return new AssembledApplication(assemble(root), options, () => handOver(root, options));
}
