import type { Worker } from '../contracts/worker.js';
import type { EffectiveWorkerOptions } from '../contracts/worker-options.js';
import { compileCron, type CronFires } from '../worker/cron-fires.js';
import type { WorkerEntry } from '../worker/worker-parts.js';

/** By name, the calendar of each worker that has one. @throws `TRIGGER_INVALID` */
export async function compileCalendars(
  workers: readonly EffectiveWorkerOptions[],
): Promise<ReadonlyMap<string, CronFires>> {
  const calendars = new Map<string, CronFires>();
  for (const { name, trigger } of workers) {
    if (trigger.kind === 'cron') calendars.set(name, await compileCron(trigger, `worker "${name}"`));
  }
  return calendars;
}

/** What the supervisor is given of each worker. `options` are in the order of `resolved`. */
export function workerEntries(
  resolved: readonly { readonly instance: Worker; readonly module: string }[],
  options: readonly EffectiveWorkerOptions[],
  calendars: ReadonlyMap<string, CronFires>,
): WorkerEntry[] {
  return resolved.map(({ instance, module }, index) => {
    const own = options[index];
    if (own === undefined) throw new TypeError('every worker has its options');
    return { worker: instance, module, options: own, fires: calendars.get(own.name) };
  });
}
