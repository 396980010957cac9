import type { PlatformSettings } from '../config/platform-settings.js';
import type { Violation } from '../config/violation.js';
import type { HealthContributorOptions } from '../contracts/health.js';
import type { WorkerOptions } from '../contracts/worker-options.js';
import { checkExposure } from '../control/door/check-exposure.js';
import { readProbesAddress } from '../control/door/probes-address.js';
import { effectiveContributorOptions } from '../health/contributor-options.js';
import { checkGroupRules } from '../health/group-rules.js';
import { checkBlockedAfter } from '../health/loop-watch.js';
import { checkStopBudget } from '../lifecycle/stop-budget.js';
import { mistake } from './mistake.js';
import { readProbeThread } from './probe-thread-setting.js';
import { needsMistakes, workerMistakes } from './worker-mistakes.js';

/** What the settings of the platform are about. */
export interface Declarations {
  readonly application: string;
  readonly workers: readonly WorkerOptions[];
  readonly contributors: readonly HealthContributorOptions[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * What is wrong with settings of the platform that have the right shape: what contradicts itself, names nobody, or cannot be meant.
 * The same at a start and at a reload. What the code of the application declares is not looked at, and is refused where it is used.
 */
export async function platformMistakes(settings: PlatformSettings, declared: Declarations): Promise<Violation[]> {
  const { contributors } = declared;
  const workers = declared.workers.map(({ name }) => name);
  const others = contributors.map(({ name }) => name);
  const found = [
    mistake('plba.shutdown.timeout', () => {
      checkStopBudget(settings.shutdown);
    }),
    ...controlMistakes(settings.control),
    mistake('plba.health.blockedAfter', () => {
      checkBlockedAfter(settings.health.blockedAfterMs);
    }),
    ...Object.entries(settings.health.groups).map(([group, rule]) =>
      mistake(`plba.health.groups.${group}`, () => {
        checkGroupRules({ [group]: rule }, workers, others);
      }),
    ),
    ...contributors.flatMap((options) => contributorMistakes(options, settings.health.contributors)),
    ...telemetryMistakes(settings.telemetry, declared),
    ...declared.workers.flatMap((worker) => {
      const overrides = settings.workers[worker.name];
      return overrides === undefined ? [] : workerMistakes(worker, overrides);
    }),
  ];
  return [...(await Promise.all(found)).flat(), ...needsMistakes(declared.workers, others, settings.workers)];
}

function controlMistakes(control: PlatformSettings['control']): Promise<Violation[]>[] {
  const { enabled, tls, probes } = control;
  if (!enabled) return [];
  return [
    mistake('plba.control.host', () => {
      checkExposure(control);
    }),
    mistake('plba.control.probes', () => {
      readProbeThread(control);
      if (probes !== undefined) readProbesAddress(probes);
    }),
    mistake('plba.control.tls', async () => {
      // Reads files, and brings TLS along.
      if (tls !== undefined) (await import('../control/door/tls-server.js')).tlsIdentity(tls);
    }),
  ];
}

function contributorMistakes(
  options: HealthContributorOptions,
  settings: PlatformSettings['health']['contributors'],
): Promise<Violation[]>[] {
  return Object.entries(settings[options.name] ?? {}).map(([option, value]) =>
    mistake(`plba.health.contributors.${options.name}.${option}`, () => {
      effectiveContributorOptions({ name: options.name, [option]: value });
    }),
  );
}

function telemetryMistakes(
  { otlp }: PlatformSettings['telemetry'],
  { application, env }: Declarations,
): Promise<Violation[]>[] {
  if (otlp === undefined) return [];
  const found = mistake('', async () => {
    const { planExport, withEndpoint } = await import('../telemetry/export-plan.js');
    const settings = withEndpoint(otlp, env);
    if (settings !== undefined) planExport(settings, application, env);
  });
  // Which setting or variable it is, the message says first.
  const placed = (violation: Violation): Violation => {
    const [path = '', ...rule] = violation.rule.split(' ');
    return { ...violation, path, rule: rule.join(' ') };
  };
  return [found.then((violations) => violations.map(placed))];
}
