import type { LoadedConfiguration } from '../config/load-configuration.js';
import type { WorkerOptions } from '../contracts/worker-options.js';
import type { LevelControl } from '../logging/level-control.js';
import { effectiveOptions } from '../worker/effective-options.js';
import type { Supervisor } from '../worker/supervisor.js';
import { withoutNeeds } from './probe.js';

/** What the settings of the platform are put in force in while the application runs. */
export interface PlatformParts {
  readonly declared: readonly WorkerOptions[];
  /** Names that nobody waits for. */
  readonly leftOut: ReadonlySet<string>;
  readonly supervisor: Supervisor;
  readonly levels: LevelControl;
}

/** @returns puts in force what can be of settings that have been checked */
export function preparePlatform(
  { declared, leftOut, supervisor, levels }: PlatformParts,
  { settings }: LoadedConfiguration,
): () => void {
  const own = declared.map((worker) => effectiveOptions(worker, settings.workers[worker.name]));
  const options = withoutNeeds(own, leftOut);
  return () => {
    levels.configure(settings.logging);
    for (const next of options) supervisor.find(next.name)?.adopt(next);
  };
}
