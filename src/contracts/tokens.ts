import type { Container, ServiceIdentifier } from 'inversify';
import type { ApplicationLifetime } from './application.js';
import type { Configuration } from './configuration.js';
import type { Secrets } from './secrets.js';
import type { ControlRoute } from './control-route.js';
import type { Clock } from './clock.js';
import type { ApplicationEvents } from './events.js';
import type { HealthContributor } from './health.js';
import type { Logger, LoggerFactory } from './logger.js';
import type { Metrics } from './metrics.js';
import type { Worker } from './worker.js';

// Registered symbols: two copies of the package in one process still mean the same service.
const token = <T>(name: string): ServiceIdentifier<T> => Symbol.for(`plba.${name}`);

/** What the platform binds in every application's container, for `@inject(tokens.Clock)`. */
export const tokens = {
  /** The application's clock. */
  Clock: token<Clock>('Clock'),
  /** The logger named after the application. */
  Logger: token<Logger>('Logger'),
  /** Makes named loggers. */
  LoggerFactory: token<LoggerFactory>('LoggerFactory'),
  /** Where an application declares metrics of its own. */
  Metrics: token<Metrics>('Metrics'),
  /** The configuration in force, and what changes it. */
  Configuration: token<Configuration>('Configuration'),
  /** Where secrets are made known. */
  Secrets: token<Secrets>('Secrets'),
  /** Where the application is in its life. */
  ApplicationLifetime: token<ApplicationLifetime>('ApplicationLifetime'),
  /** What happens in the application, to listen to. */
  ApplicationEvents: token<ApplicationEvents>('ApplicationEvents'),
  /** Every worker of the application, by `@multiInject`. */
  Worker: token<Worker>('Worker'),
  /** Every health contributor of the application, by `@multiInject`. */
  HealthContributor: token<HealthContributor>('HealthContributor'),
  /** Every control route of the application's own, by `@multiInject`. */
  ControlRoute: token<ControlRoute>('ControlRoute'),
  /** The application's container. */
  Container: token<Container>('Container'),
} as const;
