import { AuditTrail } from '../../src/control/audit/audit-trail.js';
import { controlLimits } from '../../src/control/control-settings.js';
import { EventStream } from '../../src/control/routes/event-stream.js';
import { HealthAnswers } from '../../src/control/health/health-answers.js';
import { jsonWriter } from '../../src/control/json-text.js';
import type { Route } from '../../src/control/route.js';
import { allRoutes } from '../../src/control/routes/routes.js';
import { unheard } from '../../src/events/event-sink.js';
import { SystemClock } from '../../src/time/system-clock.js';
import { fakeLogger } from './fake-logger.js';
import { FakeOperatorView } from './fake-operator-view.js';

/** Every route that the platform has, over a fake runtime. */
export function platformRoutes(): readonly Route[] {
  const view = new FakeOperatorView();
  const toJson = jsonWriter(undefined);
  const clock = new SystemClock();
  return allRoutes({
    view,
    health: new HealthAnswers(view, toJson),
    trail: new AuditTrail(clock, fakeLogger(), unheard),
    stream: new EventStream({ events: { subscribe: () => () => undefined }, clock, limits: controlLimits, toJson }),
    toJson,
    further: [],
  });
}
