import type { LoadedConfiguration } from '../config/load-configuration.js';
import type { ConfigChange, ConfigEffect, ConfigEntry } from '../contracts/config-report.js';

/**
 * What is different between two configurations, by path, with what becomes of it. Secrets are compared by what they are and shown as
 * masks.
 * @param effectOn what a change of an application's section means to those who have it
 * @param isLive whether a changed option of a worker counts at once
 */
export function configChanges(
  before: LoadedConfiguration,
  after: LoadedConfiguration,
  workerNames: readonly string[],
  effectOn: (section: string) => ConfigEffect,
  isLive: (worker: string, option: string) => boolean,
): ConfigChange[] {
  const old = byPath(before.entries());
  const young = byPath(after.entries());
  const paths = [...new Set([...old.keys(), ...young.keys()])].sort();
  return paths
    .filter((path) => !isSame(before.valueAt(path), after.valueAt(path)))
    .map((path): ConfigChange => {
      const then = old.get(path);
      const now = young.get(path);
      return {
        path,
        ...(then !== undefined && { before: then.value }),
        ...(now !== undefined && { after: now.value }),
        source: now?.source ?? 'default',
        effect: path.startsWith('plba.')
          ? platformEffect(path, workerNames, isLive)
          : effectOn(path.split('.')[0] ?? ''),
      };
    });
}

function byPath(entries: readonly ConfigEntry[]): Map<string, ConfigEntry> {
  return new Map(entries.map((entry) => [entry.path, entry]));
}

/** What becomes of a changed setting of the platform. */
function platformEffect(
  path: string,
  workerNames: readonly string[],
  isLive: (worker: string, option: string) => boolean,
): ConfigEffect {
  if (path === 'plba.logging.level' || path.startsWith('plba.logging.levels.')) return 'live';
  // Of `sync` and `sync.invoices` the longer one is meant.
  const [worker] = workerNames
    .filter((name) => path.startsWith(`plba.workers.${name}.`))
    .sort((a, b) => b.length - a.length);
  if (worker === undefined) return 'restart';
  const [option = ''] = path.slice(`plba.workers.${worker}.`.length).split('.');
  return isLive(worker, option) ? 'live' : 'restart';
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
