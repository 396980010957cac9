import type { OperatorView } from '../../contracts/reports.js';
import { auditRoutes } from './audit-routes.js';
import type { AuditTrail } from '../audit/audit-trail.js';
import { configRoutes } from './config-routes.js';
import { consoleRoutes } from './console-routes.js';
import { eventRoutes } from './event-routes.js';
import type { EventStream } from './event-stream.js';
import type { HealthAnswers } from '../health/health-answers.js';
import { healthRoutes } from './health-routes.js';
import type { ToJson } from '../json-text.js';
import { ledgerRoutes } from './ledger-routes.js';
import { loggerRoutes } from './logger-routes.js';
import { metricsRoutes } from './metrics-routes.js';
import { openApiRoutes } from './openapi-route.js';
import type { Route } from '../route.js';
import { shutdownRoutes } from './shutdown-route.js';
import { statusRoutes } from './status-routes.js';
import { traceRoutes } from './trace-routes.js';
import { workerRoutes } from './worker-routes.js';

/** What the routes are about. */
export interface RouteSubjects {
  readonly view: OperatorView;
  readonly health: HealthAnswers;
  readonly trail: AuditTrail;
  readonly stream: EventStream;
  readonly toJson: ToJson;
  /** Of further parts of the runtime, and of the application. */
  readonly further: readonly Route[];
}

/** Method and path of every route of the platform. Neither depends on what the routes are about. */
export function platformRequests(): readonly Pick<Route, 'method' | 'path'>[] {
  return allRoutes({ further: [] } as unknown as RouteSubjects);
}

/** All routes of a control plane, in the order in which they are shown. */
export function allRoutes({ view, health, trail, stream, toJson, further }: RouteSubjects): readonly Route[] {
  const routes: readonly Route[] = [
    ...consoleRoutes(),
    ...healthRoutes(health, view),
    ...statusRoutes(view),
    ...workerRoutes(view),
    ...ledgerRoutes(view),
    ...traceRoutes(view),
    ...metricsRoutes(view),
    ...loggerRoutes(view),
    ...configRoutes(view),
    ...eventRoutes(stream),
    ...auditRoutes(trail),
    ...shutdownRoutes(view),
    ...openApiRoutes(view, toJson, () => routes),
    ...further,
  ];
  return routes;
}
