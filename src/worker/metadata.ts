import 'reflect-metadata';
import type { ControlRouteOptions } from '../contracts/control-route.js';
import type { HealthContributorOptions } from '../contracts/health.js';
import type { WorkerOptions } from '../contracts/worker-options.js';
import { PlbaError } from '../errors.js';

// The only file of the room that touches Reflect. Keys are registered symbols and metadata is read as own: a subclass of
// a tagged class is not tagged, and two copies of the package understand each other.
const workerKey = Symbol.for('plba:worker');
const healthContributorKey = Symbol.for('plba:health-contributor');
const controlRouteKey = Symbol.for('plba:control-route');

/** Remembers the options of a worker class. Throws `DECORATOR_MISUSED` when the class has some already. */
export function setWorkerOptions(type: object, options: WorkerOptions): void {
  setOnce(workerKey, type, options, '@worker()');
}

/** The options of a class tagged with `@worker()`, undefined for any other. */
export function getWorkerOptions(type: object): WorkerOptions | undefined {
  return Reflect.getOwnMetadata(workerKey, type) as WorkerOptions | undefined;
}

/** Remembers the options of a health contributor class. Throws `DECORATOR_MISUSED` when the class has some already. */
export function setHealthContributorOptions(type: object, options: HealthContributorOptions): void {
  setOnce(healthContributorKey, type, options, '@healthContributor()');
}

/** The options of a class tagged with `@healthContributor()`, undefined for any other. */
export function getHealthContributorOptions(type: object): HealthContributorOptions | undefined {
  return Reflect.getOwnMetadata(healthContributorKey, type) as HealthContributorOptions | undefined;
}

/** Remembers the options of a control route class. Throws `DECORATOR_MISUSED` when the class has some already. */
export function setControlRouteOptions(type: object, options: ControlRouteOptions): void {
  setOnce(controlRouteKey, type, options, '@controlRoute()');
}

/** The options of a class tagged with `@controlRoute()`, undefined for any other. */
export function getControlRouteOptions(type: object): ControlRouteOptions | undefined {
  return Reflect.getOwnMetadata(controlRouteKey, type) as ControlRouteOptions | undefined;
}

function setOnce(key: symbol, type: object, options: object, decorator: string): void {
  if (Reflect.hasOwnMetadata(key, type)) {
    const name = typeof type === 'function' ? type.name : 'without a name';
    throw new PlbaError('DECORATOR_MISUSED', `class ${name} is tagged with ${decorator} twice`, {
      hint: 'keep one of the two',
    });
  }
  Reflect.defineMetadata(key, Object.freeze({ ...options }), type);
}
