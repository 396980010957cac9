// The front door: explicit names, grouped by the words of the design.

// Applications
export { ApplicationModule } from './contracts/application.js';
export type { ApplicationLifetime, ApplicationState, ModuleBuilder } from './contracts/application.js';
export type { Application, ApplicationOptions } from './application/application.js';
export { createApplication } from './application/create-application.js';
export { runApplication, type RunApplicationOptions } from './application/run-application.js';
export type { ExitCode, OpenResource, StopReport, StopResult, WorkerStopReport } from './contracts/stop-report.js';
export { tokens } from './contracts/tokens.js';
export type { AuditEntry } from './contracts/audit.js';
export type {
  ApplicationEvent,
  ApplicationEventBody,
  ApplicationEventListener,
  ApplicationEvents,
  ApplicationStateEvent,
  AuditEvent,
  EventStamp,
  HealthEvent,
  WorkerStateCause,
  RunEndedEvent,
  RunProgressEvent,
  RunStartedEvent,
  ConfigurationEvent,
  LogLevelEvent,
  WorkerStateEvent,
} from './contracts/events.js';

// Workers
export { worker, healthContributor } from './worker/decorators.js';
export { RoutineWorker } from './worker/routine-worker.js';
export type {
  ErrorClass,
  RunLoop,
  RunWork,
  SteerableWorker,
  Worker,
  WorkerContext,
  WorkerState,
  WorkerStatus,
} from './contracts/worker.js';
export type {
  Backoff,
  BackoffOptions,
  EffectiveWorkerOptions,
  HealthPolicy,
  HealthPolicyOptions,
  RestartOptions,
  StopOptions,
  UntilOptions,
  WorkerOptions,
} from './contracts/worker-options.js';

// Runs
export { once, continuously, every, cron } from './worker/triggers.js';
export type { CronMissed, CronOverlap, RunTrigger, Trigger } from './contracts/trigger.js';
export { worked, idle, partial, blocked, failed, fatal } from './worker/outcomes.js';
export type { Outcome, OutcomeKind } from './contracts/outcome.js';
export type { RunContext, RunProgress, RunRecord } from './contracts/run.js';

// Health
export { healthCheck, type FromContainer, type HealthQuestion } from './contributors/health-check.js';
export { diskHealth, type DiskHealthOptions } from './contributors/disk-health.js';
export { eventLoopHealth, type EventLoopHealthOptions } from './contributors/event-loop-health.js';
export { heapHealth, type HeapHealthOptions } from './contributors/heap-health.js';
export { httpHealth, type HttpHealthOptions } from './contributors/http-health.js';
export type {
  Health,
  HealthContributor,
  HealthContributorOptions,
  HealthReport,
  HealthStatus,
  MemberHealth,
} from './contracts/health.js';

// Configuration
export { byteSize, configuration, duration, secret } from './config/decorators.js';
export { configRef } from './config/config-ref.js';
export type { Configuration, ConfigRef } from './contracts/configuration.js';
export type { ConfigChange, ConfigEffect, ConfigEntry, ConfigReport, ReloadReport } from './contracts/config-report.js';
export type { Secrets } from './contracts/secrets.js';

// Logging and tracing
export type { Logger, LoggerFactory, LogLevel, LogMethod } from './contracts/logger.js';
export type { LevelChange, LevelOverride, LoggerReport, LoggingReport, LogLineCounts } from './contracts/log-report.js';
export type { LogDestination } from './logging/log-destination.js';
export { withSpan } from './tracing/with-span.js';
export { traced } from './tracing/traced.js';
export { traceHeaders, withRemoteParent } from './tracing/remote-parent.js';
export type { TraceHeaders } from './tracing/trace-headers.js';
export type { SpanRecord, TraceRecord } from './contracts/traces.js';

// Metrics
export type {
  Counter,
  CounterFamily,
  Gauge,
  GaugeFamily,
  Histogram,
  HistogramFamily,
  HistogramOptions,
  HistogramPoint,
  MetricFamily,
  MetricLabels,
  MetricOptions,
  Metrics,
  NumberPoint,
} from './contracts/metrics.js';

// Control plane
export { controlRoute } from './worker/decorators.js';
export type {
  BodyFieldKind,
  ControlAnswer,
  ControlRequest,
  ControlRoute,
  ControlRouteOptions,
  JsonSchema,
} from './contracts/control-route.js';
export type {
  ApplicationStatus,
  OperatorView,
  ContributorTimelineEntry,
  StartTimelineEntry,
  WorkerAction,
  WorkerOrder,
  WorkerReport,
} from './contracts/reports.js';

// Time
export type { Clock, Timer } from './contracts/clock.js';
export type { Duration, DurationUnit } from './contracts/duration.js';

// Queue
export { InMemoryTaskQueue } from './queue/in-memory-task-queue.js';
export type {
  TaskContext,
  TaskOptions,
  TaskQueueCloseReport,
  TaskQueueOptions,
  TaskWork,
} from './queue/task-queue-options.js';

// Errors
export { PlbaError, errorCatalogue, type ErrorCode } from './errors.js';
export type { ErrorSummary } from './contracts/error-summary.js';
