import type { LoadedConfiguration } from '../config/load-configuration.js';
import type { PlatformSettings } from '../config/platform-settings.js';
import type { HealthContributorOptions } from '../contracts/health.js';
import type { EffectiveWorkerOptions, WorkerOptions } from '../contracts/worker-options.js';
import { checkExposure } from '../control/check-exposure.js';
import { readProbesAddress } from '../control/probes-address.js';
import { checkNeeds } from '../lifecycle/needs.js';
import { checkStopBudget } from '../lifecycle/stop-budget.js';
import type { LevelControl } from '../logging/level-control.js';
import { compileCron } from '../worker/cron-fires.js';
import { effectiveOptions } from '../worker/effective-options.js';
import { checkHealthSettings } from './check-health-settings.js';
import { readProbeThread } from './probe-thread-setting.js';
import { withoutNeeds } from './probe.js';
import type { Supervisor } from '../worker/supervisor.js';

/** What the settings of the platform are checked against, and put in force in. */
export interface PlatformParts {
  readonly declared: readonly WorkerOptions[];
  /** Names that nobody waits for. */
  readonly leftOut: ReadonlySet<string>;
  readonly contributors: readonly HealthContributorOptions[];
  readonly supervisor: Supervisor;
  readonly levels: LevelControl;
}

/** Checks what the start checks: nothing of it is left to be found out at the next one. */
export function checkPlatform(settings: PlatformSettings): void {
  checkStopBudget(settings.shutdown);
  if (!settings.control.enabled) return;
  checkExposure(settings.control);
  readProbeThread(settings.control);
  if (settings.control.probes !== undefined) readProbesAddress(settings.control.probes);
}

/**
 * Checks new settings of the platform as a start would.
 * @returns puts in force what can be while the application runs
 */
export async function preparePlatform(
  { declared, leftOut, contributors, supervisor, levels }: PlatformParts,
  { settings }: LoadedConfiguration,
): Promise<() => void> {
  checkPlatform(settings);
  const own = declared.map((worker) => effectiveOptions(worker, settings.workers[worker.name]));
  const options = withoutNeeds(own, leftOut);
  checkNeeds(
    options,
    contributors.map(({ name }) => name),
  );
  const workers = declared.map(({ name }) => name);
  checkHealthSettings(settings.health, workers, contributors);
  await Promise.all(options.map(compile));
  return () => {
    levels.configure(settings.logging);
    for (const next of options) supervisor.find(next.name)?.adopt(next);
  };
}

async function compile({ name, trigger }: EffectiveWorkerOptions): Promise<void> {
  if (trigger.kind === 'cron') await compileCron(trigger, `worker "${name}"`);
}
