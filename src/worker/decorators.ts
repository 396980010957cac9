import type { Newable } from 'inversify';
import type { ControlRoute, ControlRouteOptions } from '../contracts/control-route.js';
import type { HealthContributor, HealthContributorOptions } from '../contracts/health.js';
import type { Worker } from '../contracts/worker.js';
import type { WorkerOptions } from '../contracts/worker-options.js';
import { setControlRouteOptions, setHealthContributorOptions, setWorkerOptions } from './metadata.js';

/**
 * Tags a class as a worker. Stores its options and nothing else: the class becomes part of an application when a module
 * lists it. `@injectable()` beside it is allowed and not required.
 */
export function worker(options: WorkerOptions): (type: Newable<Worker>) => void {
  return (type) => {
    setWorkerOptions(type, options);
  };
}

/**
 * Tags a class as a health contributor. Stores its options and nothing else: the class becomes part of an application
 * when a module lists it. `@injectable()` beside it is allowed and not required.
 */
export function healthContributor(options: HealthContributorOptions): (type: Newable<HealthContributor>) => void {
  return (type) => {
    setHealthContributorOptions(type, options);
  };
}

/**
 * Tags a class as a control route of the application's own. Stores its options and nothing else: the class becomes part of an
 * application when a module lists it. `@injectable()` beside it is allowed and not required.
 */
export function controlRoute(options: ControlRouteOptions): (type: Newable<ControlRoute>) => void {
  return (type) => {
    setControlRouteOptions(type, options);
  };
}
