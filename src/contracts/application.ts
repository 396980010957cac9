import type { BindToFluentSyntax, Newable, ServiceIdentifier } from 'inversify';
import type { ControlRoute } from './control-route.js';
import type { HealthContributor } from './health.js';
import type { Worker } from './worker.js';

/**
 * A named unit of an application: its configuration, components, workers, health contributors and the modules it is built on.
 * One of them is the root and names the application.
 */
export abstract class ApplicationModule {
  /** Unique among the modules of an application. */
  abstract readonly name: string;
  /** Says what belongs to the module. Called once, before anything is constructed. */
  abstract assemble(module: ModuleBuilder): void;
}

/** What a module says it consists of. */
export interface ModuleBuilder {
  /** A configuration class (tagged with `@configuration()`); its validated instance can be injected by class. */
  config(type: Newable<object>): void;
  /** inversify's own fluent binding into the application's container. */
  bind<T>(serviceIdentifier: ServiceIdentifier<T>): BindToFluentSyntax<T>;
  /** A class tagged with `@worker()`: one instance, resolved before anything starts. */
  worker(type: Newable<Worker>): void;
  /** A class tagged with `@healthContributor()`: one instance, resolved before anything starts. */
  healthContributor(type: Newable<HealthContributor>): void;
  /** A class tagged with `@controlRoute()`: one instance, resolved before anything starts. */
  controlRoute(type: Newable<ControlRoute>): void;
  /** A module that this one is built on. Each module counts once, and the imported come first. */
  import(type: Newable<ApplicationModule>): void;
}

/** Where an application is in its life. */
export type ApplicationState = 'created' | 'starting' | 'running' | 'stopping' | 'stopped' | 'failed';

/** Where the application is, for everybody to read. Only the lifecycle service changes it. */
export interface ApplicationLifetime {
  readonly state: ApplicationState;
  /** Since when. */
  readonly since: Date;
  /** Aborts when the application begins to stop. */
  readonly stopping: AbortSignal;
}
