import type { ControlLimits, ControlSettings } from '../../src/control/control-settings.js';
import { ControlPlane } from '../../src/control/control-plane.js';
import type { ControlAddress } from '../../src/control/control-plane-options.js';
import type { Scrub } from '../../src/control/json-text.js';
import type { Route } from '../../src/control/route.js';
import { EventBus } from '../../src/events/event-bus.js';
import { SystemClock } from '../../src/time/system-clock.js';
import { describePort, describeProbes } from '../support/described-answers.js';
import { fakeLogger } from './fake-logger.js';
import { FakeOperatorView } from './fake-operator-view.js';

/** A control plane over a fake runtime, listening on a free port. */
export interface ControlStage {
  readonly plane: ControlPlane;
  readonly view: FakeOperatorView;
  readonly events: EventBus;
  readonly log: ReturnType<typeof fakeLogger>;
  readonly port: number;
  readonly address: ControlAddress;
}

/** What a stage may be told. */
export interface ControlStageOptions extends Partial<ControlSettings> {
  readonly limits?: Partial<ControlLimits>;
  readonly scrub?: Scrub;
  readonly routes?: readonly Route[];
  readonly socketPaths?: readonly string[];
}

/** Starts a control plane on loopback and a free port. Whoever does so stops it. */
export async function startControl({
  limits,
  scrub,
  routes,
  socketPaths,
  ...settings
}: ControlStageOptions = {}): Promise<ControlStage> {
  const view = new FakeOperatorView();
  const log = fakeLogger();
  const clock = new SystemClock();
  const events = new EventBus(clock);
  const plane = new ControlPlane({
    settings: { host: '127.0.0.1', port: 0, ...settings },
    view,
    log,
    clock,
    events,
    scrub,
    // Tests show many wrong tokens and do not want to wait.
    limits: { wrongTokenDelayMs: 1, maxWrongTokens: 1_000, ...limits },
    ...(socketPaths && { socketPaths }),
    ...(routes && { routes }),
  });
  const address = await plane.start();
  if (routes !== undefined) describePort(address.port, routes);
  if (address.probes !== undefined) describeProbes(address.probes.port);
  return { plane, view, log, events, port: address.port, address };
}

/** The header that shows a token. */
export function bearer(token: string): { Authorization: string } {
  return { Authorization: `Bearer ${token}` };
}
