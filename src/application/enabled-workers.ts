import type { PlatformSettings } from '../config/platform-settings.js';

/** Those that configuration does not take out of the application: `plba.workers.<name>.enabled`. */
export function enabledWorkers<T extends { readonly options: { readonly name: string } }>(
  declared: readonly T[],
  settings: PlatformSettings['workers'],
): T[] {
  return declared.filter(({ options }) => settings[options.name]?.enabled !== false);
}
