import { nearest } from '../config/key-names.js';
import type { PlatformSettings, WorkerOverrides } from '../config/platform-settings.js';
import { listOf } from '../config/shown.js';
import type { Violation } from '../config/violation.js';
import type { WorkerOptions } from '../contracts/worker-options.js';
import { PlbaError } from '../errors.js';
import { type Needy, needsFirst } from '../lifecycle/needs.js';
import { compileCron } from '../worker/cron-fires.js';
import { effectiveOptions } from '../worker/effective-options.js';
import { mistake } from './mistake.js';

type Settings = PlatformSettings['workers'];

/** What is wrong with the options that configuration gives a worker, each looked at by itself. */
export async function workerMistakes(declared: WorkerOptions, overrides: WorkerOverrides): Promise<Violation[]> {
  const { name } = declared;
  const found = Object.entries<unknown>({ ...overrides }).map(([option, value]) =>
    mistake(`plba.workers.${name}.${option}`, async () => {
      // Together with what the decorator says of the same option, for it is that which is overridden in part.
      const own = Object.fromEntries(Object.entries<unknown>({ ...declared }).filter(([key]) => key === option));
      const { trigger } = effectiveOptions({ ...own, name }, { [option]: value });
      if (option === 'trigger' && trigger.kind === 'cron') await compileCron(trigger, `worker "${name}"`);
    }),
  );
  return (await Promise.all(found)).flat().map((violation) => ({ ...violation, rule: withoutOwner(violation.rule) }));
}

/** The path says whose option it is. */
function withoutOwner(rule: string): string {
  return rule.replace(/^option "[^"]*" of worker "[^"]*":? /, '');
}

/** Whom configuration lets a worker need in vain: nobody of that name, one that is not enabled, or itself through others. */
export function needsMistakes(
  workers: readonly WorkerOptions[],
  contributors: readonly string[],
  settings: Settings,
): Violation[] {
  // What the code alone declares is refused where it is used.
  if (Object.keys(settings).length === 0) return [];
  const isEnabled = (name: string): boolean => settings[name]?.enabled !== false;
  const known = new Set([...workers.map(({ name }) => name), ...contributors]);
  const members = workers
    .filter(({ name }) => isEnabled(name))
    .map(({ name, needs = [] }) => ({ name, needs: settings[name]?.needs ?? needs }));
  const found = members.flatMap(({ name, needs }) => [
    ...needs.filter((need) => !isEnabled(need)).map((need) => disabled(name, need)),
    ...(settings[name]?.needs ?? []).filter((need) => !known.has(need)).map((need) => unknown(name, need, known)),
  ]);
  return [...found, ...circles(members, workers, settings)];
}

function disabled(worker: string, need: string): Violation {
  return {
    path: `plba.workers.${need}.enabled`,
    rule: `must be true, since worker "${worker}" needs "${need}"`,
    code: 'NEEDS_UNKNOWN',
    hint: `set plba.workers.${worker}.enabled to false as well, or plba.workers.${worker}.needs to what there is`,
  };
}

function unknown(worker: string, need: string, known: ReadonlySet<string>): Violation {
  const others = new Set([...known].filter((name) => name !== worker));
  const near = nearest(need, others);
  const hint = near === undefined ? listOf(others) : `did you mean ${near}?`;
  return {
    path: `plba.workers.${worker}.needs`,
    rule: `names "${need}", and no worker or health contributor has that name`,
    code: 'NEEDS_UNKNOWN',
    ...(hint !== undefined && { hint }),
  };
}

/** A circle that is not there with what the code declares. Who else needs each other in one is told when it is used. */
function circles(members: readonly Needy[], workers: readonly WorkerOptions[], settings: Settings): Violation[] {
  const overridden = members.filter(({ name }) => settings[name]?.needs !== undefined).map(({ name }) => name);
  const circle = circleOf(members);
  if (circle === undefined) return [];
  const without = (left: string): readonly Needy[] =>
    members.map((member) =>
      member.name === left ? { name: left, needs: workers.find(({ name }) => name === left)?.needs ?? [] } : member,
    );
  const at = overridden.find((name) => circleOf(without(name)) === undefined) ?? overridden[0];
  if (at === undefined) return [];
  return [{ path: `plba.workers.${at}.needs`, ...circle }];
}

function circleOf(members: readonly Needy[]): Omit<Violation, 'path'> | undefined {
  try {
    needsFirst(members);
    return undefined;
  } catch (error) {
    if (!(error instanceof PlbaError)) throw error;
    const { message, code, hint } = error;
    return { rule: message, code, ...(hint !== undefined && { hint }) };
  }
}
