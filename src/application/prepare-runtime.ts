import type { LoadedConfiguration } from '../config/load-configuration.js';
import type { PlatformSettings } from '../config/platform-settings.js';
import type { Clock } from '../contracts/clock.js';
import { tokens } from '../contracts/tokens.js';
import { DrivenLifetime } from '../lifecycle/application-lifetime.js';
import { StartTimes } from '../lifecycle/start-times.js';
import { LifecycleService } from '../lifecycle/lifecycle-service.js';
import { checkNeeds } from '../lifecycle/needs.js';
import type { OuterPart } from '../lifecycle/participant.js';
import { RunLines } from '../logging/run-lines.js';
import { carryWith } from '../time/carry.js';
import { prepareTracing } from '../tracing/open-telemetry.js';
import { takeAlong } from '../tracing/take-along.js';
import { TraceKeeper } from '../tracing/trace-keeper.js';
import { effectiveOptions } from '../worker/effective-options.js';
import { Supervisor } from '../worker/supervisor.js';
import type { Assembly } from './assemble.js';
import {
  bindDeclared,
  checkNamesAcross,
  declaredContributors,
  declaredWorkers,
  resolveDeclared,
} from './build-container.js';
import { bindConfiguration } from './bind-configuration.js';
import { ConfigurationPart } from './configuration-part.js';
import { ControlPart } from './control-part.js';
import { OwnRoutes } from './own-routes.js';
import { ProbesPart } from './probes-part.js';
import { observeTransitions } from './health-metrics.js';
import { HealthPart } from './health-part.js';
import { MetricsPart } from './metrics-part.js';
import { ProgressPart } from './progress-part.js';
import { LoggingPart } from './logging-part.js';
import { platformMistakes } from './platform-mistakes.js';
import { preparePlatform, type PreparedSettings } from './reload-target.js';
import { enabledWorkers } from './enabled-workers.js';
import { TelemetryPart } from './telemetry-part.js';
import { RuntimeView } from './operator-view.js';
import { namesLeftOut, withoutNeeds } from './probe.js';
import type { Runtime, RuntimeOptions, RuntimeSurroundings } from './runtime.js';
import { tellServiceManager } from './service-manager-part.js';
import { compileCalendars, workerEntries } from './worker-entries.js';

/**
 * Everything that comes before the start, and everything that can be wrong before it: configuration, names, needs, triggers,
 * bindings. Starts nothing.
 */
export async function prepareRuntime(
  assembly: Assembly,
  options: RuntimeOptions & { readonly clock: Clock },
  { events, vault, end }: RuntimeSurroundings,
): Promise<Runtime> {
  const { container, name, modules } = assembly;
  const { clock } = options;
  const times = new StartTimes(clock);
  const constructed = (who: string): void => {
    times.constructed(who);
  };
  const everyWorker = declaredWorkers(assembly);
  const contributors = declaredContributors(assembly);
  checkNamesAcross(everyWorker, contributors);
  const ownRoutes = await OwnRoutes.declaredBy(assembly);

  const scrub = (text: string): string => vault.scrub(text);
  const sections = [...new Set(modules.flatMap(({ configs }) => configs))];
  const env = options.env ?? process.env;
  const declared = {
    application: name,
    workers: everyWorker.map((worker) => worker.options),
    contributors: contributors.map((contributor) => contributor.options),
    env,
  };
  const request = {
    directory: options.directory ?? process.cwd(),
    env,
    set: options.set ?? [],
    overrides: options.config ?? {},
    sections,
    workerNames: declared.workers.map((worker) => worker.name),
    contributorNames: declared.contributors.map((contributor) => contributor.name),
    platformMistakes: (settings: PlatformSettings) => platformMistakes(settings, declared),
    vault,
  };
  const configuration = await ConfigurationPart.load(request, clock);
  const { settings } = configuration;
  const enabled = enabledWorkers(everyWorker, settings.workers);
  const workers = enabled.filter(({ type }) => options.probe?.leavesOut(type) !== true);
  const leftOut = namesLeftOut(enabled, workers);

  const lines = new RunLines();
  const { logDestination: destination, pretty } = options;
  const loggingSettings = { application: name, settings: settings.logging, clock, scrub, destination, pretty, lines };
  const loggingPart = await LoggingPart.create(loggingSettings);
  const { logging, levels } = loggingPart;
  const log = logging.logger(name);
  levels.onChange = (change) => {
    events.publish(change);
  };
  events.reportErrorsTo((error) => {
    log.error({ err: error }, 'a listener to application events threw');
  });
  await prepareTracing();
  carryWith(takeAlong);
  const keeper = new TraceKeeper(clock, settings.telemetry.traces);

  const everyOption = workers.map((worker) => effectiveOptions(worker.options, settings.workers[worker.options.name]));
  const effective = withoutNeeds(everyOption, leftOut);
  checkNeeds(
    effective,
    contributors.map((contributor) => contributor.options.name),
  );

  const lifetime = new DrivenLifetime(clock, events);
  container.bind(tokens.Clock).toConstantValue(clock);
  container.bind(tokens.Logger).toConstantValue(log);
  container.bind(tokens.LoggerFactory).toConstantValue(logging);
  container.bind(tokens.ApplicationLifetime).toConstantValue(lifetime);
  container.bind(tokens.ApplicationEvents).toConstantValue(events);
  const metrics = new MetricsPart();
  container.bind(tokens.Metrics).toConstantValue(metrics.registry);
  container.bind(tokens.Container).toConstantValue(container);
  bindConfiguration(container, sections, configuration.followers, vault);
  const mayReplace = options.rebind !== undefined;
  const madeWorkers = bindDeclared(assembly, 'worker', workers, mayReplace, constructed);
  const madeContributors = bindDeclared(assembly, 'health contributor', contributors, mayReplace, constructed);
  ownRoutes.bind(mayReplace);
  options.rebind?.(container);

  const calendars = await compileCalendars(effective);
  const limit = { clock, limitMs: settings.start.timeoutMs, startedMs: clock.monotonic(), constructed };
  const resolvedContributors = await resolveDeclared(
    assembly,
    'health contributor',
    contributors,
    madeContributors,
    limit,
    options.probe?.contributor,
  );
  const resolvedWorkers = await resolveDeclared(assembly, 'worker', workers, madeWorkers, limit, options.probe?.worker);
  const entries = workerEntries(resolvedWorkers, effective, calendars);

  const healthOptions = { events, clock, log: logging.logger('plba.health'), scrub, onCheck: metrics.onCheck };
  const healthPart = new HealthPart(settings.health, healthOptions, times);
  const health = healthPart.service;
  const supervisor = new Supervisor({
    entries,
    clock,
    loggers: logging,
    scrub,
    events,
    lines,
    keeper,
    startTimeoutMs: settings.start.timeoutMs,
    isContributorReady: healthPart.isContributorReady,
    ...(options.random !== undefined && { random: options.random }),
    ...(options.manual !== undefined && { manual: options.manual }),
    ...(options.probe !== undefined && {
      isWithheld: options.probe.isWithheld,
      runIdPrefix: options.probe.runIdPrefix,
    }),
  });
  healthPart.connect({ supervisor, contributors: resolvedContributors, lifetime });

  const probes = new ProbesPart({
    settings,
    clock,
    log: logging.logger('plba.health'),
    isStarting: () => lifetime.state === 'starting',
    isBlockedAfterSet: configuration
      .report()
      .values.some(({ path, isDefault }) => path === 'plba.health.blockedAfter' && !isDefault),
  });
  probes.connect(supervisor, health);
  const control = new ControlPart({
    application: name,
    settings: settings.control,
    clock,
    log: logging.logger('plba.control'),
    scrub,
    events,
    env,
    register: (secret) => {
      vault.register(secret);
    },
    tell: options.process?.tell,
  });
  control.add(...(await ownRoutes.resolve(limit)));
  const telemetry = new TelemetryPart(name, settings.telemetry, env, () => metrics.registry.collect(), log, scrub);
  const progress = new ProgressPart({ terminal: logging.terminal, workers: effective, events, clock, scrub });
  const outer: OuterPart[] = [loggingPart, telemetry, probes, control, metrics, healthPart, progress];
  const lifecycle = new LifecycleService({
    application: name,
    participants: supervisor.workers,
    outer,
    lifetime,
    clock,
    log,
    startTimeoutMs: settings.start.timeoutMs,
    times,
    shutdown: settings.shutdown,
    scrub,
    process: options.process,
  });
  const view = new RuntimeView({
    name,
    modules: modules.map((module) => module.name),
    supervisor,
    health,
    lifecycle,
    lifetime,
    metrics: metrics.registry,
    levels,
    shutdown: ({ reason, force }) => {
      end({ kind: 'asked', reason });
      if (force === true) lifecycle.hurry();
    },
    configuration,
    keeper,
  });
  control.show(view);
  const platform = { declared: workers.map((worker) => worker.options), leftOut, supervisor, levels };
  const prepare = (next: LoadedConfiguration): Promise<PreparedSettings> => preparePlatform(platform, next);
  const isStopping = (): boolean => lifetime.stopping.aborted;
  configuration.connect({ prepare, health, events, isStopping }, logging.logger('plba.configuration'));
  observeTransitions(metrics.registry, health, probes.watch);
  metrics.measure({ supervisor, health, lifetime, logging, requests: control.counts });

  if (options.process !== undefined) tellServiceManager({ env, lifetime, supervisor, health, clock, log });
  lifetime.onChange((state) => {
    if (state === 'stopping') supervisor.applicationStops();
  });
  supervisor.onLost((worker, error) => {
    end({ kind: 'worker-lost', worker: worker.name, error });
  });

  return {
    settings,
    clock,
    logging,
    lifetime,
    lifecycle,
    supervisor,
    health,
    metrics: metrics.registry,
    view,
    control,
    controlAddress: () => control.address,
    watchForEnd: () => {
      if (options.keepRunning === true) return;
      const endIfOver = (): void => {
        if (!supervisor.allEnded || lifetime.state !== 'running') return;
        end({ kind: 'all-ended', anyFailed: supervisor.workers.some(({ hasEndedWell }) => !hasEndedWell) });
      };
      supervisor.onChange(endIfOver);
      endIfOver();
    },
  };
}
