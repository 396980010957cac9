import type { Newable } from 'inversify';
import type { HealthContributor } from '../contracts/health.js';
import type { Worker } from '../contracts/worker.js';
import type { EffectiveWorkerOptions } from '../contracts/worker-options.js';
import type { Declared } from './build-container.js';

/** Where the test kit comes between the platform and what the application brings. Nothing else sets one. */
export interface Probe {
  /** Whether a worker is left out of the application. */
  readonly leavesOut: (type: Newable<Worker>) => boolean;
  /** What is supervised in the place of a worker. */
  readonly worker: (worker: Worker, name: string) => Worker;
  /** What is asked in the place of a health contributor. */
  readonly contributor: (contributor: HealthContributor, name: string) => HealthContributor;
  /** Whether a name counts as not ready for those who need it. */
  readonly isWithheld: (need: string) => boolean;
  /** The beginning of the ids of one worker's runs; another one each time. */
  readonly runIdPrefix: () => string;
}

/** The names of the workers that were declared and are not among the `kept`. */
export function namesLeftOut(
  declared: readonly Declared<Worker, { readonly name: string }>[],
  kept: readonly Declared<Worker, { readonly name: string }>[],
): ReadonlySet<string> {
  const names = new Set(declared.map(({ options }) => options.name));
  for (const { options } of kept) names.delete(options.name);
  return names;
}

/** The same options, with nobody waiting for what is left out. */
export function withoutNeeds(
  options: readonly EffectiveWorkerOptions[],
  leftOut: ReadonlySet<string>,
): readonly EffectiveWorkerOptions[] {
  if (leftOut.size === 0) return options;
  return options.map((each) => ({ ...each, needs: each.needs.filter((need) => !leftOut.has(need)) }));
}
