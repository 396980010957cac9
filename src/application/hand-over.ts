import type { Newable } from 'inversify';
import type { ApplicationModule } from '../contracts/application.js';
import type { Blueprint } from './blueprint.js';
import type { BlueprintOptions } from './draw-blueprint.js';

/** Who has loaded the main file of an application to look at it, and takes its blueprint. */
export type Inspector = (blueprint: Blueprint) => void;

/** A registered symbol: the command line and the application may each have a copy of the package. */
const inspectorKey = Symbol.for('plba.inspector');

/**
 * Whether somebody only wants to look at applications in this process, who is then given what this one is built of. Nobody but the
 * command line does, in a process of its own, before it loads the main file.
 */
export function handOver(root: Newable<ApplicationModule>, options: BlueprintOptions): boolean {
  const inspect = (globalThis as { [inspectorKey]?: Inspector })[inspectorKey];
  if (inspect === undefined) return false;
  void import('./draw-blueprint.js').then(async ({ drawBlueprint }) => {
    inspect(await drawBlueprint(root, options));
  });
  return true;
}
