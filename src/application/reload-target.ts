import type { LoadedConfiguration } from '../config/load-configuration.js';
import type { EffectiveWorkerOptions, WorkerOptions } from '../contracts/worker-options.js';
import type { LevelControl } from '../logging/level-control.js';
import { compileCron, type CronFires } from '../worker/cron-fires.js';
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

/** New settings of the platform, checked and not yet in force. */
export interface PreparedSettings {
  /** Whether a changed option of a worker counts at once. To be asked before {@link putInForce}. */
  readonly isLive: (worker: string, option: string) => boolean;
  readonly putInForce: () => void;
}

/** Options of a worker that count from its next run, or its next restart or stop. */
const liveOptions: ReadonlySet<string> = new Set(['timeout', 'retry', 'restart', 'stop', 'health']);

/** Prepares settings that have been checked, so that putting them in force cannot fail. */
export async function preparePlatform(
  { declared, leftOut, supervisor, levels }: PlatformParts,
  { settings }: LoadedConfiguration,
): Promise<PreparedSettings> {
  const own = declared.map((worker) => effectiveOptions(worker, settings.workers[worker.name]));
  const options = withoutNeeds(own, leftOut);
  const compiled = await Promise.all(options.map(compile));
  const isTriggerLive = (name: string): boolean => {
    const next = options.find((each) => each.name === name);
    return next !== undefined && supervisor.find(name)?.canFollow(next.trigger) === true;
  };
  return {
    isLive: (worker, option) => liveOptions.has(option) || (option === 'trigger' && isTriggerLive(worker)),
    putInForce: () => {
      levels.configure(settings.logging);
      options.forEach((next, at) => supervisor.find(next.name)?.adopt(next, compiled[at]));
    },
  };
}

async function compile({ name, trigger }: EffectiveWorkerOptions): Promise<CronFires | undefined> {
  return trigger.kind === 'cron' ? compileCron(trigger, `worker "${name}"`) : undefined;
}
