import type { PlatformSettings } from '../config/platform-settings.js';
import type { Worker } from '../contracts/worker.js';
import type { WorkerOptions } from '../contracts/worker-options.js';
import { PlbaError } from '../errors.js';
import type { Declared } from './build-container.js';

type DeclaredWorker = Declared<Worker, WorkerOptions>;

/**
 * The workers that configuration does not take out of the application: `plba.workers.<name>.enabled`.
 * @throws `NEEDS_UNKNOWN` when one of them needs one that is taken out
 */
export function enabledWorkers(
  declared: readonly DeclaredWorker[],
  settings: PlatformSettings['workers'],
): DeclaredWorker[] {
  const isEnabled = (name: string): boolean => settings[name]?.enabled !== false;
  const enabled = declared.filter(({ options }) => isEnabled(options.name));
  for (const { options } of enabled) {
    const needs = settings[options.name]?.needs ?? options.needs ?? [];
    const missing = needs.find((need) => !isEnabled(need));
    if (missing === undefined) continue;
    throw new PlbaError('NEEDS_UNKNOWN', `worker "${options.name}" needs "${missing}", which is not enabled`, {
      hint: `disable it as well (plba.workers.${options.name}.enabled), or enable "${missing}"`,
    });
  }
  return enabled;
}
