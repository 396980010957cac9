import type { LoadedConfiguration } from '../config/load-configuration.js';
import type { PlatformSettings } from '../config/platform-settings.js';
import type { EffectiveWorkerOptions, WorkerOptions } from '../contracts/worker-options.js';
import { checkExposure } from '../control/check-exposure.js';
import { checkNeeds } from '../lifecycle/needs.js';
import { checkStopBudget } from '../lifecycle/stop-budget.js';
import type { LevelControl } from '../logging/level-control.js';
import { compileCron } from '../worker/cron-fires.js';
import { effectiveOptions } from '../worker/effective-options.js';
import { withoutNeeds } from './probe.js';
import type { Supervisor } from '../worker/supervisor.js';

/** What the settings of the platform are checked against, and put in force in. */
export interface PlatformParts {
  readonly declared: readonly WorkerOptions[];
  /** Names that nobody waits for. */
  readonly leftOut: ReadonlySet<string>;
  readonly contributors: readonly string[];
  readonly supervisor: Supervisor;
  readonly levels: LevelControl;
}

/** Checks what the start checks: nothing of it is left to be found out at the next one. */
export function checkPlatform(settings: PlatformSettings): void {
  checkStopBudget(settings.shutdown);
  if (settings.control.enabled) checkExposure(settings.control);
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
  checkNeeds(options, contributors);
  await Promise.all(options.map(compile));
  return () => {
    levels.configure(settings.logging);
    for (const next of options) supervisor.find(next.name)?.adopt(next);
  };
}

async function compile({ name, trigger }: EffectiveWorkerOptions): Promise<void> {
  if (trigger.kind === 'cron') await compileCron(trigger, `worker "${name}"`);
}
