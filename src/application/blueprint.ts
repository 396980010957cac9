import type { Trigger } from '../contracts/trigger.js';
import type { EffectiveWorkerOptions } from '../contracts/worker-options.js';

/**
 * What an application is built of, and what is wrong with it, without anything being constructed. Plain data: it goes from the process
 * of the application to the one of the command line.
 */
export interface Blueprint {
  /** The name of the root module; that of its class where it has not come so far. */
  readonly application: string;
  /** Each once, the imported before those who import them. */
  readonly modules: readonly PlannedModule[];
  readonly workers: readonly PlannedWorker[];
  readonly contributors: readonly PlannedContributor[];
  readonly controlRoutes: readonly PlannedRoute[];
  /** What would keep the application from starting; empty when nothing would. */
  readonly problems: readonly Problem[];
}

/** A module, and the modules that it is built on. */
export interface PlannedModule {
  readonly name: string;
  readonly imports: readonly string[];
}

/** A worker as configuration would have it, where configuration can be read; else as the code has it. */
export interface PlannedWorker extends Pick<EffectiveWorkerOptions, 'name' | 'needs' | 'critical'> {
  /** Absent for a worker that decides by itself when to run. */
  readonly trigger?: Trigger;
  readonly module: string;
  /** Name of its class. */
  readonly type: string;
  /** False when configuration takes it out of the application. */
  readonly enabled: boolean;
}

/** A health contributor. */
export interface PlannedContributor {
  readonly name: string;
  readonly module: string;
  readonly type: string;
  readonly critical: boolean;
}

/** A control route of the application's own. */
export interface PlannedRoute {
  /** Method and path. */
  readonly name: string;
  readonly module: string;
  readonly type: string;
}

/** What would keep an application from starting. */
export interface Problem {
  /** What the start would end with: exit code 2 for configuration, 1 for wiring. */
  readonly kind: 'configuration' | 'wiring';
  readonly message: string;
  readonly code?: string;
  readonly hint?: string;
  readonly causes?: readonly string[];
}
