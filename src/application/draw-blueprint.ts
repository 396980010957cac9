import type { Newable } from 'inversify';
import { loadConfiguration } from '../config/load-configuration.js';
import type { PlatformSettings } from '../config/platform-settings.js';
import type { ApplicationModule } from '../contracts/application.js';
import type { HealthContributor, HealthContributorOptions } from '../contracts/health.js';
import type { Worker } from '../contracts/worker.js';
import type { WorkerOptions } from '../contracts/worker-options.js';
import { effectiveContributorOptions } from '../health/contributor-options.js';
import { groupsOf } from '../health/group-names.js';
import { checkNeeds } from '../lifecycle/needs.js';
import { compileCron } from '../worker/cron-fires.js';
import { effectiveOptions, hasTrigger } from '../worker/effective-options.js';
import { isSteerable } from '../worker/steerable.js';
import { assemble, type Assembly } from './assemble.js';
import type { Blueprint, PlannedWorker } from './blueprint.js';
import {
  bindDeclared,
  checkNamesAcross,
  type Declared,
  declaredContributors,
  declaredWorkers,
} from './build-container.js';
import { OwnRoutes } from './own-routes.js';
import { bindPromises, planFaultOf } from './plan-wiring.js';
import type { RuntimeOptions } from './runtime.js';
import { Problems } from './problems.js';
import { platformMistakes } from './platform-mistakes.js';

type DeclaredWorker = Declared<Worker, WorkerOptions>;
type DeclaredContributor = Declared<HealthContributor, HealthContributorOptions>;

/** What the application is made with. */
export interface BlueprintOptions extends RuntimeOptions {
  /** Values that stand on its command line, if it reads one. May throw `CONFIG_INVALID`. */
  readonly readArguments?: () => readonly string[];
}

/**
 * Looks at an application as its start would, and constructs nothing. Goes on after a problem where it can, so that whoever mends them
 * hears of all at once. Never rejects.
 */
export async function drawBlueprint(root: Newable<ApplicationModule>, options: BlueprintOptions): Promise<Blueprint> {
  const problems = new Problems();
  const assembly = await problems.collect(() => assemble(root));
  if (assembly === undefined) {
    const nothing = { modules: [], workers: [], contributors: [], controlRoutes: [] };
    return { application: root.name, ...nothing, problems: problems.found };
  }
  const declared = (await problems.collect(() => declaredWorkers(assembly))) ?? [];
  const contributors = (await problems.collect(() => declaredContributors(assembly))) ?? [];
  const routes = (await problems.collect(() => OwnRoutes.declaredBy(assembly)))?.declared ?? [];
  const settings = await problems.collect(() => readSettings(assembly, { declared, contributors }, options, problems));
  const workers = await planWorkers(declared, settings, problems);
  const asked = contributors.map((contributor) => contributor.options);
  await problems.collect(() => {
    checkNamesAcross(declared, contributors);
  });
  await checkNames(workers, asked, problems);

  const enabled = declared.filter(({ options: { name } }) => isEnabled(name, settings));
  const parts = [
    { kind: 'worker', all: enabled },
    { kind: 'health contributor', all: contributors },
    { kind: 'control route', all: routes },
  ] as const;
  await problems.collect(() => {
    bindPromises(assembly);
    for (const { kind, all } of parts) bindDeclared<unknown, { readonly name: string }>(assembly, kind, all, true);
    const faults = parts.flatMap(({ kind, all }) => all.map((each) => planFaultOf(assembly, kind, each)));
    for (const fault of faults) if (fault !== undefined) problems.add(fault);
  });

  return {
    application: assembly.name,
    modules: assembly.modules.map(({ name, imports }) => ({ name, imports })),
    workers,
    contributors: contributors.map(({ module, type, options: { name, critical = true } }) => ({
      name,
      module,
      type: type.name,
      critical: settings?.health.contributors[name]?.critical ?? critical,
    })),
    controlRoutes: routes.map(({ module, type, options: { name } }) => ({ name, module, type: type.name })),
    problems: problems.found,
  };
}

async function readSettings(
  { name: application, modules }: Assembly,
  {
    declared,
    contributors,
  }: { readonly declared: readonly DeclaredWorker[]; readonly contributors: readonly DeclaredContributor[] },
  options: BlueprintOptions,
  { vault }: Problems,
): Promise<PlatformSettings> {
  const { readArguments = () => [], directory = process.cwd(), env = process.env, config = {} } = options;
  const about = {
    application,
    workers: declared.map((worker) => worker.options),
    contributors: contributors.map((contributor) => contributor.options),
    env,
  };
  const loaded = await loadConfiguration({
    directory,
    env,
    set: [...readArguments(), ...(options.set ?? [])],
    overrides: config,
    sections: [...new Set(modules.flatMap(({ configs }) => configs))],
    workerNames: about.workers.map(({ name }) => name),
    contributorNames: about.contributors.map(({ name }) => name),
    platformMistakes: (settings) => platformMistakes(settings, about),
    vault,
  });
  return loaded.settings;
}

/** With what configuration says; as the code has them where it cannot be read, or cannot be meant. */
async function planWorkers(
  declared: readonly DeclaredWorker[],
  settings: PlatformSettings | undefined,
  problems: Problems,
): Promise<PlannedWorker[]> {
  const planned: PlannedWorker[] = [];
  for (const { type, module, options } of declared) {
    const effective =
      (await problems.collect(() => effectiveOptions(options, settings?.workers[options.name]))) ??
      (await problems.collect(() => effectiveOptions(options)));
    if (effective === undefined) continue;
    const { name, trigger, needs, critical } = effective;
    const isTriggered = hasTrigger(effective) || isSteerable(type.prototype as Worker);
    planned.push({
      name,
      module,
      type: type.name,
      ...(isTriggered && { trigger }),
      needs,
      critical,
      enabled: isEnabled(name, settings),
    });
    if (trigger.kind === 'cron') await problems.collect(() => compileCron(trigger, `worker "${name}"`));
  }
  return planned;
}

function isEnabled(name: string, settings: PlatformSettings | undefined): boolean {
  return settings?.workers[name]?.enabled !== false;
}

async function checkNames(
  workers: readonly PlannedWorker[],
  contributors: readonly HealthContributorOptions[],
  problems: Problems,
): Promise<void> {
  for (const options of contributors) {
    await problems.collect(() => groupsOf(options.name, options.groups));
    await problems.collect(() => effectiveContributorOptions(options));
  }
  const enabled = workers.filter((worker) => worker.enabled);
  const known = [...workers, ...contributors].map(({ name }) => name);
  // One after the other first, so that each unknown name is said; then all together, for circles.
  const before = problems.found.length;
  for (const worker of enabled)
    await problems.collect(() => {
      checkNeeds([worker], known);
    });
  if (problems.found.length > before) return;
  await problems.collect(() => {
    checkNeeds(enabled, known);
  });
}
