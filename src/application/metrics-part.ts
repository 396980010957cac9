import type { Metrics } from '../contracts/metrics.js';
import type { WorkerState } from '../contracts/worker.js';
import type { RequestCounts } from '../control/request-counts.js';
import type { HealthService } from '../health/health-service.js';
import type { DrivenLifetime } from '../lifecycle/application-lifetime.js';
import type { OuterPart } from '../lifecycle/participant.js';
import type { Logging } from '../logging/logging.js';
import { EventLoopDelay } from '../metrics/event-loop-delay.js';
import { MetricRegistry } from '../metrics/metric-registry.js';
import { observeProcess } from '../metrics/process-metrics.js';
import type { Supervisor } from '../worker/supervisor.js';
import { observeRuns } from './run-metrics.js';

/** The parts of the runtime that are measured. */
export interface MeasuredParts {
  readonly supervisor: Supervisor;
  readonly health: HealthService;
  readonly lifetime: DrivenLifetime;
  readonly logging: Logging;
  readonly requests: RequestCounts;
}

/**
 * The metrics of an application. Nothing is counted for them that is not kept anyway: whoever collects them reads the parts
 * of the runtime where they are.
 */
export class MetricsPart implements OuterPart {
  readonly name = 'metrics';
  readonly registry = new MetricRegistry();
  private readonly eventLoop = new EventLoopDelay();
  private readonly checks = this.registry.histogram('plba.health_check.duration', {
    description: 'How long the checks of a health contributor took',
    unit: 's',
    labels: ['plba.contributor'],
    limit: Infinity,
  });

  /** A health contributor was asked and has answered, or was given up. */
  readonly onCheck = (contributor: string, durationMs: number): void => {
    this.checks.record(durationMs / 1_000, { 'plba.contributor': contributor });
  };

  /** Shows what the parts know. Once. */
  measure({ supervisor, health, lifetime, logging, requests }: MeasuredParts): void {
    const { registry } = this;
    observeRuns(registry, supervisor);
    observeWorkers(registry, supervisor);
    observeHealth(registry, health);
    registry.observe(
      'gauge',
      'plba.application.state',
      { description: 'Where the application is in its life: 1 for the state that it is in', labels: ['plba.state'] },
      (report) => {
        report(1, { 'plba.state': lifetime.state });
      },
    );
    registry.observe(
      'counter',
      'plba.log.dropped_lines',
      { description: 'Log lines that could not be written', unit: '{line}' },
      (report) => {
        report(logging.counts().dropped);
      },
    );
    observeRequests(registry, requests);
    this.eventLoop.observe(registry);
    observeProcess(registry);
  }

  start(): void {
    this.eventLoop.start();
  }

  stop(): void {
    this.eventLoop.stop();
  }
}

function observeWorkers(metrics: Metrics, { workers }: Supervisor): void {
  metrics.observe(
    'counter',
    'plba.worker.restarts',
    {
      description: 'How often a worker was started again',
      unit: '{restart}',
      labels: ['plba.worker'],
      limit: Infinity,
    },
    (report) => {
      for (const worker of workers) report(worker.restartsInAll, { 'plba.worker': worker.name });
    },
  );
  metrics.observe(
    'gauge',
    'plba.worker.state',
    {
      description: 'Where a worker is in its life: 1 for the state that it is in',
      labels: ['plba.worker', 'plba.state'],
      limit: Infinity,
    },
    (report) => {
      for (const worker of workers) report(1, { 'plba.worker': worker.name, 'plba.state': worker.state });
    },
  );
  metrics.observe(
    'gauge',
    'plba.worker.time_since_success',
    {
      description: 'How long ago the last success of a worker that is up was, or else its start',
      unit: 's',
      labels: ['plba.worker'],
      limit: Infinity,
    },
    (report) => {
      for (const { name, state, executor } of workers) {
        if (isUp(state)) report(executor.standing.sinceSuccessMs / 1_000, { 'plba.worker': name });
      }
    },
  );
}

/** Whether a worker is expected to have successes. */
function isUp(state: WorkerState): boolean {
  return state === 'running' || state === 'paused' || state === 'backing-off';
}

function observeHealth(metrics: Metrics, health: HealthService): void {
  metrics.observe(
    'gauge',
    'plba.health.status',
    { description: 'Health of the application: 1 for what it is', labels: ['plba.status'] },
    (report) => {
      const status = health.summary()?.status;
      if (status !== undefined) report(1, { 'plba.status': status });
    },
  );
  for (const [kind, label] of [
    ['worker', 'plba.worker'],
    ['contributor', 'plba.contributor'],
  ] as const) {
    metrics.observe(
      'gauge',
      `plba.${kind}.health`,
      {
        description: `Health of a ${kind}, before it is weighed by whether it is critical: 1 for what it is`,
        labels: [label, 'plba.status'],
        limit: Infinity,
      },
      (report) => {
        for (const [name, member] of Object.entries(health.report()?.[`${kind}s`] ?? {})) {
          report(1, { [label]: name, 'plba.status': member.raw } as Record<'plba.status' | typeof label, string>);
        }
      },
    );
  }
}

function observeRequests(metrics: Metrics, requests: RequestCounts): void {
  metrics.observe(
    'counter',
    'plba.control.requests',
    {
      description: 'Requests that the control plane has answered',
      unit: '{request}',
      labels: ['http.request.method', 'http.route', 'http.response.status_code'],
    },
    (report) => {
      for (const { method, route, status, count } of requests.entries()) {
        report(count, {
          'http.request.method': method,
          'http.route': route ?? '',
          'http.response.status_code': status,
        });
      }
    },
  );
}
