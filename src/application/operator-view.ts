import { hostname } from 'node:os';
import type { ConfigReport, ReloadReport } from '../contracts/config-report.js';
import type { Health, HealthReport } from '../contracts/health.js';
import type { ApplicationStatus, OperatorView, WorkerAction, WorkerReport } from '../contracts/reports.js';
import type { MetricFamily } from '../contracts/metrics.js';
import type { LevelChange, LoggerReport, LoggingReport } from '../contracts/log-report.js';
import type { RunRecord } from '../contracts/run.js';
import type { TraceRecord } from '../contracts/traces.js';
import type { WorkerState } from '../contracts/worker.js';
import type { HealthService } from '../health/health-service.js';
import type { DrivenLifetime } from '../lifecycle/application-lifetime.js';
import type { LifecycleService } from '../lifecycle/lifecycle-service.js';
import type { MetricRegistry } from '../metrics/metric-registry.js';
import type { LevelControl } from '../logging/level-control.js';
import type { TraceKeeper } from '../tracing/trace-keeper.js';
import type { SupervisedWorker } from '../worker/supervised-worker.js';
import type { Supervisor } from '../worker/supervisor.js';
import type { ConfigurationPart } from './configuration-part.js';
import { version } from './version.js';

/** The parts of the runtime that an operator looks at. */
export interface RuntimeParts {
  readonly name: string;
  readonly modules: readonly string[];
  readonly supervisor: Supervisor;
  readonly health: HealthService;
  readonly lifecycle: LifecycleService;
  readonly lifetime: DrivenLifetime;
  readonly metrics: MetricRegistry;
  readonly levels: LevelControl;
  /** Has the application stop, and does not wait for it. */
  readonly shutdown: OperatorView['shutdown'];
  readonly configuration: ConfigurationPart;
  readonly keeper: TraceKeeper;
}

const startingActions: readonly WorkerAction[] = ['start', 'restart', 'resume'];

/** The runtime as operators see and steer it. */
export class RuntimeView implements OperatorView {
  constructor(private readonly parts: RuntimeParts) {}

  status(): ApplicationStatus {
    const { name, modules, supervisor, lifecycle, lifetime } = this.parts;
    const { rss, heapUsed } = process.memoryUsage();
    const counts: Partial<Record<WorkerState, number>> = {};
    for (const { state } of supervisor.workers) counts[state] = (counts[state] ?? 0) + 1;
    return {
      name,
      modules,
      state: lifetime.state,
      version,
      since: lifetime.since,
      uptimeMs: lifecycle.uptimeMs,
      process: {
        pid: process.pid,
        node: process.versions.node,
        host: hostname(),
        rssBytes: rss,
        heapUsedBytes: heapUsed,
      },
      timeline: lifecycle.startTimeline(),
      contributorTimeline: lifecycle.contributorTimeline(),
      workers: counts,
    };
  }

  workers(): readonly WorkerReport[] {
    return this.parts.supervisor.workers.map((worker) => this.reportOn(worker));
  }

  worker(name: string): WorkerReport | undefined {
    const worker = this.parts.supervisor.find(name);
    return worker && this.reportOn(worker);
  }

  runs(name: string): readonly RunRecord[] | undefined {
    return this.parts.supervisor.find(name)?.executor.ledger.records();
  }

  run(name: string, id: string): RunRecord | undefined {
    const executor = this.parts.supervisor.find(name)?.executor;
    if (executor === undefined) return undefined;
    const { current } = executor;
    return (current?.runId === id ? current : executor.ledger.find(id))?.toFullRecord();
  }

  async act(
    name: string,
    action: WorkerAction,
    by: { readonly who: string; readonly force?: boolean; readonly reason?: string },
  ): Promise<WorkerReport> {
    const worker = this.parts.supervisor.get(name);
    const { stop } = worker.options;
    // Who starts something has often just mended what it needs.
    if (startingActions.includes(action)) this.parts.health.askSoon(this.parts.supervisor.needsOf(worker));
    switch (action) {
      case 'start':
        await worker.start(by);
        break;
      case 'stop':
        await worker.stop(stop, by.force, by);
        break;
      case 'restart':
        await worker.restart(stop, by.force, by);
        break;
      case 'pause':
        await worker.pause(by.who, by.reason);
        break;
      case 'resume':
        await worker.resume(by);
        break;
      case 'run':
        await worker.runNow();
        break;
    }
    return this.reportOn(worker);
  }

  shutdown(by: { readonly reason: string; readonly force?: boolean }): void {
    this.parts.shutdown(by);
  }

  traces(): readonly TraceRecord[] {
    return this.parts.keeper.records();
  }

  trace(traceId: string): TraceRecord | undefined {
    return this.parts.keeper.find(traceId);
  }

  metrics(): readonly MetricFamily[] {
    return this.parts.metrics.collect();
  }

  health(group?: string): HealthReport | undefined {
    return this.parts.health.report(group);
  }

  healthGroups(): readonly string[] {
    return this.parts.health.groups();
  }

  onHealthChange(listener: () => void): () => void {
    return this.parts.health.onChange(listener);
  }

  configuration(): ConfigReport {
    return this.parts.configuration.report();
  }

  reload(by: string, reason?: string): Promise<ReloadReport> {
    return this.parts.configuration.reload(by, reason);
  }

  logging(): LoggingReport {
    return this.parts.levels.report();
  }

  setLevel(logger: string, change: LevelChange): LoggerReport {
    return this.parts.levels.set(logger, change);
  }

  private reportOn(worker: SupervisedWorker): WorkerReport {
    const { executor, state, error, pausedBy, trigger, waitingFor, lastOrder } = worker;
    const lastRun = executor.ledger.last?.toRecord();
    const nextRun = worker.nextRun();
    const details = worker.details();
    return {
      name: worker.name,
      module: worker.module,
      state,
      since: worker.since,
      ...(trigger !== undefined && { trigger }),
      critical: worker.options.critical,
      restarts: worker.restarts,
      ...(state === 'waiting' && { waitingFor }),
      ...(executor.current !== undefined && { currentRun: executor.current.toRecord() }),
      ...(lastRun !== undefined && { lastRun }),
      ...(nextRun !== undefined && { nextRun }),
      runs: executor.count,
      health: this.healthOf(worker),
      ...(error !== undefined && { error }),
      ...(pausedBy !== undefined && { pausedBy }),
      ...(lastOrder !== undefined && { lastOrder }),
      actions: worker.actions,
      options: trigger === undefined ? { ...worker.options, trigger } : worker.options,
      ...(details !== undefined && { details }),
    };
  }

  // What the health service knows: it has asked the worker with all the care that foreign code needs.
  private healthOf({ name }: SupervisedWorker): Health {
    return this.parts.health.workerHealth(name) ?? { status: 'unhealthy', reason: 'not asked yet' };
  }
}
