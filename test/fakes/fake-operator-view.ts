import type { ConfigReport, ReloadReport } from '../../src/contracts/config-report.js';
import type { HealthReport, HealthStatus, MemberHealth } from '../../src/contracts/health.js';
import type { ApplicationStatus, OperatorView, WorkerAction, WorkerReport } from '../../src/contracts/reports.js';
import type { LevelChange, LoggerReport, LoggingReport } from '../../src/contracts/log-report.js';
import type { RunRecord } from '../../src/contracts/run.js';
import type { MetricFamily } from '../../src/contracts/metrics.js';
import type { TraceRecord } from '../../src/contracts/traces.js';
import type { ApplicationState } from '../../src/contracts/application.js';

const since = new Date('2026-01-05T08:00:00Z');

/** An order that reached the runtime. */
export interface FakeOrder {
  readonly name: string;
  readonly action: WorkerAction;
  readonly by: { readonly who: string; readonly force?: boolean; readonly reason?: string };
}

/** A runtime that is made of what a test says, and remembers what it was told to do. */
export class FakeOperatorView implements OperatorView {
  readonly orders: FakeOrder[] = [];
  readonly shutdowns: { readonly reason: string; readonly force?: boolean }[] = [];
  readonly reports: WorkerReport[] = [workerReport('invoice-sync'), workerReport('report')];
  state: ApplicationState = 'running';
  status_: HealthStatus = 'ok';
  details: Record<string, unknown> = { queue: 3 };
  /** What an order does. Default: nothing, at once. */
  onOrder: (order: FakeOrder) => Promise<void> = () => Promise.resolve();
  /** How often health was composed. */
  healthReads = 0;
  readonly #listeners = new Set<() => void>();

  get listeners(): number {
    return this.#listeners.size;
  }

  status(): ApplicationStatus {
    return {
      name: 'invoices',
      modules: ['invoices'],
      state: this.state,
      version: '0.1.0',
      since,
      uptimeMs: 1234,
      process: { pid: 1, node: 'v20.19.0', host: 'test', rssBytes: 1, heapUsedBytes: 1 },
      timeline: [{ worker: 'invoice-sync', constructedMs: 0, startedMs: 1, readyMs: 2, waitedFor: [] }],
      contributorTimeline: [{ contributor: 'ledger', constructedMs: 0, startedMs: 1, readyMs: 1 }],
      workers: { running: this.reports.length },
    };
  }

  workers(): readonly WorkerReport[] {
    return this.reports;
  }

  worker(name: string): WorkerReport | undefined {
    return this.reports.find((report) => report.name === name);
  }

  /** Levels that were asked for. */
  readonly levelChanges: (LevelChange & { readonly logger: string })[] = [];
  /** What setting a level does. Default: nothing. */
  onLevel: () => void = () => undefined;

  /** What a reload does. Default: nothing changes. */
  onReload: () => Promise<ReloadReport> = () => Promise.resolve({ changes: [], needsRestart: [] });
  readonly reloads: (readonly [by: string, reason: string | undefined])[] = [];

  configuration(): ConfigReport {
    return {
      since,
      values: [{ path: 'invoices.batchSize', value: 20, source: 'config/application.yaml:2', isDefault: false }],
    };
  }

  reload(by: string, reason?: string): Promise<ReloadReport> {
    this.reloads.push([by, reason]);
    return this.onReload();
  }

  logging(): LoggingReport {
    const loggers = { default: { configured: 'info', effective: 'info' } as const };
    return { loggers, lines: { written: 7, waiting: 0, dropped: 1 } };
  }

  setLevel(logger: string, change: LevelChange): LoggerReport {
    this.levelChanges.push({ logger, ...change });
    this.onLevel();
    return { configured: 'info', effective: 'debug' };
  }

  runs(name: string): readonly RunRecord[] | undefined {
    return this.worker(name) && [runRecord(name)];
  }

  run(name: string, id: string): RunRecord | undefined {
    return this.runs(name)?.find((run) => run.id === id);
  }

  async act(name: string, action: WorkerAction, by: FakeOrder['by']): Promise<WorkerReport> {
    const order = { name, action, by };
    this.orders.push(order);
    await this.onOrder(order);
    return this.worker(name)!;
  }

  traces(): readonly TraceRecord[] {
    return [
      {
        traceId: '0af7651916cd43dd8448eb211c80319c',
        runId: 'run-1',
        worker: 'report',
        trigger: 'every',
        started: since,
        links: [],
        root: { spanId: 'b7ad6b7169203331', name: 'report run', atMs: 0, children: [] },
        droppedSpans: 0,
      },
    ];
  }

  trace(traceId: string): TraceRecord | undefined {
    return this.traces().find((trace) => trace.traceId === traceId);
  }

  metrics(): readonly MetricFamily[] {
    return [
      {
        kind: 'counter',
        name: 'plba.runs',
        description: 'Runs',
        unit: '{run}',
        points: [{ labels: { 'plba.worker': 'report' }, value: 3 }],
      },
    ];
  }

  shutdown(by: { readonly reason: string; readonly force?: boolean }): void {
    this.shutdowns.push(by);
    this.state = 'stopping';
  }

  health(group?: string): HealthReport | undefined {
    if (group !== undefined && !this.healthGroups().includes(group)) return undefined;
    this.healthReads++;
    return {
      status: this.status_,
      since,
      workers: { 'invoice-sync': this.member() },
      contributors: group === 'live' ? {} : { ledger: this.member() },
    };
  }

  healthGroups(): readonly string[] {
    return ['live', 'ready', 'startup', 'partners'];
  }

  onHealthChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changeHealth(status: HealthStatus): void {
    this.status_ = status;
    for (const listener of this.#listeners) listener();
  }

  private member(): MemberHealth {
    const reason = this.status_ === 'ok' ? {} : { reason: 'ledger says no' };
    return {
      status: this.status_,
      raw: this.status_,
      critical: true,
      since,
      checkedAt: since,
      ...reason,
      details: this.details,
    };
  }
}

/** A worker that runs every minute. */
export function workerReport(name: string): WorkerReport {
  const backoff = { initialMs: 1000, maxMs: 30_000, factor: 2, jitter: 0.2 };
  const trigger = { kind: 'every', periodMs: 60_000, jitter: 0, immediately: true } as const;
  return {
    name,
    module: 'invoices',
    state: 'running',
    since,
    trigger,
    critical: true,
    restarts: 0,
    actions: ['stop', 'restart', 'pause', 'run'],
    lastRun: runRecord(name),
    nextRun: since,
    runs: 1,
    health: { status: 'ok', since },
    options: {
      name,
      trigger,
      critical: true,
      needs: [],
      until: {},
      retry: backoff,
      restart: { on: 'failure', max: 5, withinMs: 60_000, backoff, then: 'stop-application' },
      stop: { drainMs: 5000, abortMs: 2000 },
      health: { degradedAfter: 2, unhealthyAfter: 5, recoverAfter: 1, rejectedRatio: 0.5 },
      isolation: 'inline',
      replicas: 'every',
      ledger: 50,
    },
  };
}

function runRecord(worker: string): RunRecord {
  return {
    id: 'run-1',
    worker,
    trigger: 'every',
    attempt: 1,
    started: since,
    durationMs: 12,
    outcome: 'worked',
    items: 4,
    traceId: '0af7651916cd43dd8448eb211c80319c',
  };
}
