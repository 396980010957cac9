import type { Container } from 'inversify';
import type { PlatformSettings } from '../config/platform-settings.js';
import type { Clock } from '../contracts/clock.js';
import type { OperatorView } from '../contracts/reports.js';
import type { EventBus } from '../events/event-bus.js';
import type { HealthService } from '../health/health-service.js';
import type { DrivenLifetime } from '../lifecycle/application-lifetime.js';
import type { StopCause } from '../lifecycle/exit-code.js';
import type { LifecycleService } from '../lifecycle/lifecycle-service.js';
import type { ProcessSide } from '../lifecycle/process-side.js';
import type { LogDestination } from '../logging/log-destination.js';
import type { Logging } from '../logging/logging.js';
import type { MetricRegistry } from '../metrics/metric-registry.js';
import type { SecretVault } from '../secrets/secret-vault.js';
import type { Supervisor } from '../worker/supervisor.js';
import type { ControlPart } from './control-part.js';
import type { Probe } from './probe.js';

/** What the runtime of an application is made with: the public options, and what only the test kit sets. */
export interface RuntimeOptions {
  readonly directory?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly set?: readonly string[];
  readonly config?: Readonly<Record<string, unknown>>;
  readonly clock?: Clock;
  readonly logDestination?: LogDestination;
  /** Lines for people; default: by terminal. */
  readonly pretty?: boolean;
  /** 0 to 1. Default `Math.random`. */
  readonly random?: () => number;
  /** No trigger makes a run happen. Default false. */
  readonly manual?: boolean;
  /** The application goes on when all its workers have completed. Default false. */
  readonly keepRunning?: boolean;
  /** Changes bindings after everything is bound and before anything is resolved. */
  readonly rebind?: (container: Container) => void;
  /** What the process adds, when the application has one of its own. */
  readonly process?: ProcessSide;
  /** Where the test kit comes between the platform and what the application brings. */
  readonly probe?: Probe;
}

/** What is there before the runtime, and stays when it does not come to be. */
export interface RuntimeSurroundings {
  readonly events: EventBus;
  readonly vault: SecretVault;
  /** Somebody other than the runtime has to stop it. */
  readonly end: (cause: StopCause) => void;
}

/** A checked, constructed and connected application that has not been started. */
export interface Runtime {
  readonly settings: PlatformSettings;
  readonly clock: Clock;
  readonly logging: Logging;
  readonly lifetime: DrivenLifetime;
  readonly lifecycle: LifecycleService;
  readonly supervisor: Supervisor;
  readonly health: HealthService;
  readonly metrics: MetricRegistry;
  readonly view: OperatorView;
  /** The control plane, which can be asked without a port. */
  readonly control: ControlPart;
  controlAddress(): { readonly host: string; readonly port: number } | undefined;
  /** From now on the application ends by itself when its workers have. */
  watchForEnd(): void;
}
