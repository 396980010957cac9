import 'reflect-metadata';
import { decorate, injectable, type Newable, type ServiceIdentifier } from 'inversify';
import { checkOptions } from '../config/check-options.js';
import { contributorOverrides, declaredWorkerOptions } from '../config/platform-settings.js';
import type { Clock } from '../contracts/clock.js';
import type { HealthContributor, HealthContributorOptions } from '../contracts/health.js';
import { tokens } from '../contracts/tokens.js';
import type { Worker } from '../contracts/worker.js';
import type { WorkerOptions } from '../contracts/worker-options.js';
import { PlbaError } from '../errors.js';
import { formatDuration } from '../time/duration.js';
import { attempt, within } from '../time/within.js';
import { getHealthContributorOptions, getWorkerOptions } from '../worker/metadata.js';
import { checkName } from '../worker/names.js';
import { RoutineWorker } from '../worker/routine-worker.js';
import type { Assembly } from './assemble.js';
import { explainResolution } from './explain-resolution.js';

/** A tagged class, the module that brought it, and its options. */
export interface Declared<T, O> {
  readonly type: Newable<T>;
  readonly module: string;
  readonly options: O;
}

/** A declared worker or contributor, constructed. */
export interface Resolved<T, O> extends Declared<T, O> {
  readonly instance: T;
}

/**
 * The workers of an assembly in order of declaration, imports first.
 * @throws `DECORATOR_MISUSED` for a class without `@worker()`, `NAME_INVALID`, `NAME_DUPLICATE`, `OPTION_INVALID`
 */
export function declaredWorkers({ modules }: Assembly): Declared<Worker, WorkerOptions>[] {
  const listed = modules.flatMap(({ name, workers }) => workers.map((type) => ({ type, module: name })));
  const declared = declare('worker', '@worker()', listed, getWorkerOptions);
  for (const { options } of declared)
    checkOptions(declaredWorkerOptions, options, `worker "${options.name}"`, ['name']);
  return declared;
}

/** The health contributors of an assembly, likewise. */
export function declaredContributors({ modules }: Assembly): Declared<HealthContributor, HealthContributorOptions>[] {
  const listed = modules.flatMap(({ name, healthContributors }) =>
    healthContributors.map((type) => ({ type, module: name })),
  );
  const declared = declare('health contributor', '@healthContributor()', listed, getHealthContributorOptions);
  for (const { options } of declared)
    checkOptions(contributorOverrides, options, `health contributor "${options.name}"`, ['name', 'groups']);
  return declared;
}

/** What is bound under the token of its kind. */
export type Kind = 'worker' | 'health contributor' | 'control route';

/** Instances that were made without the container. */
export type Made = ReadonlyMap<Newable, unknown>;

const tokenOf: Readonly<Record<Kind, ServiceIdentifier>> = {
  worker: tokens.Worker,
  'health contributor': tokens.HealthContributor,
  'control route': tokens.ControlRoute,
};

/**
 * Binds tagged classes, each as one instance, and under the token of all of its kind.
 *
 * A class that has nothing injected needs no container to be constructed, so that is done at once and the instance is bound:
 * a third of what a worker costs until it is ready, and half of its memory, would be the container's plan for calling
 * `new`. Not where something may still be bound in its place (`mayReplace`).
 *
 * @returns the instances that were made, for {@link resolveDeclared}
 * @throws `BINDING_FAILED` when such a class throws while it is constructed
 */
export function bindDeclared<T, O extends { readonly name: string }>(
  assembly: Assembly,
  kind: Kind,
  declared: readonly Declared<T, O>[],
  mayReplace: boolean,
  constructed: (name: string) => void = () => undefined,
): Made {
  const { container } = assembly;
  const made = new Map<Newable, unknown>();
  for (const each of declared) {
    const { type } = each;
    if (!container.isBound(type)) {
      if (mayReplace || !isPlain(type)) {
        if (!Reflect.hasOwnMetadata(injectableFlagKey, type)) decorate(injectable(), type);
        container.bind(type).toSelf().inSingletonScope();
      } else {
        const instance = construct(assembly, kind, each);
        constructed(each.options.name);
        made.set(type, instance);
        container.bind(type).toConstantValue(instance);
      }
    }
    container.bind(tokenOf[kind]).toService(type);
  }
  return made;
}

/** How long the construction of all may take, and who says when. */
export interface ConstructionLimit {
  readonly clock: Clock;
  readonly limitMs: number;
  /** On the monotonic clock. */
  readonly startedMs: number;
  /** Told who has been constructed. */
  readonly constructed?: (name: string) => void;
}

/**
 * Constructs everything that was declared and has not been `made`. `adapt` may put something in the place of an instance.
 * @throws `BINDING_MISSING`, `BINDING_CYCLE`, `BINDING_FAILED`, each with the whole chain; `START_TIMED_OUT` with the one that
 *   is under construction when the limit is reached; `DECORATOR_MISUSED` for one that lacks a method
 */
export async function resolveDeclared<T, O extends { readonly name: string }>(
  assembly: Assembly,
  kind: Kind,
  declared: readonly Declared<T, O>[],
  made: Made,
  limit: ConstructionLimit,
  adapt: (instance: T, name: string) => T = (instance) => instance,
): Promise<Resolved<T, O>[]> {
  const resolved: Resolved<T, O>[] = [];
  for (const each of declared) {
    const { type, module, options } = each;
    const instance = made.has(type) ? (made.get(type) as T) : await resolveOne(assembly, kind, each, limit);
    if (!made.has(type)) limit.constructed?.(options.name);
    demandMethods(kind, instance, each);
    resolved.push({ type, module, options, instance: adapt(instance, options.name) });
  }
  return resolved;
}

async function resolveOne<T, O extends { readonly name: string }>(
  assembly: Assembly,
  kind: Kind,
  each: Declared<T, O>,
  { clock, limitMs, startedMs }: ConstructionLimit,
): Promise<T> {
  const remainingMs = Math.max(0, startedMs + limitMs - clock.monotonic());
  const constructing = attempt(() => assembly.container.getAsync(each.type));
  const constructed = await within(clock, remainingMs, constructing);
  if (constructed === undefined) {
    throw new PlbaError(
      'START_TIMED_OUT',
      `${kind} "${each.options.name}" of module "${each.module}" was still being constructed after ${formatDuration(limitMs)}`,
      { hint: 'look at what is awaited where its dependencies are bound, or raise plba.start.timeout' },
    );
  }
  if (!constructed.ok) throw explainFor(constructed.error, assembly, kind, each);
  return constructed.value;
}

/**
 * Whoever writes a name into `needs` or into a group of health must mean one thing by it.
 * @throws `NAME_DUPLICATE` when a worker and a health contributor share one
 */
export function checkNamesAcross(
  workers: readonly Declared<Worker, WorkerOptions>[],
  contributors: readonly Declared<HealthContributor, HealthContributorOptions>[],
): void {
  const owners = new Map(workers.map(({ type, module, options }) => [options.name, ownerOf(type, module)]));
  for (const { type, module, options } of contributors) {
    const owner = owners.get(options.name);
    if (owner === undefined) continue;
    throw new PlbaError(
      'NAME_DUPLICATE',
      `a worker and a health contributor are called "${options.name}": ${owner} and ${ownerOf(type, module)}`,
      { hint: 'give one of them another name: needs and groups of health could mean either' },
    );
  }
}

function ownerOf(type: Newable, module: string): string {
  return `class ${type.name} of module "${module}"`;
}

/** What the platform calls of each kind. */
const methodsOf: Readonly<Record<Kind, readonly string[]>> = {
  worker: ['start', 'stop', 'health', 'status'],
  'health contributor': ['check'],
  'control route': ['handle'],
};

// The type of the decorator says so already, but JavaScript does not, and nor does what is bound in the place of a class.
function demandMethods(kind: Kind, instance: unknown, each: Declared<unknown, { readonly name: string }>): void {
  const isRoutine = instance instanceof RoutineWorker;
  const methods = isRoutine ? [...methodsOf[kind], 'run'] : methodsOf[kind];
  const lacks = methods.filter((method) => typeof (instance as Record<string, unknown>)[method] !== 'function');
  if (lacks.length === 0) return;
  const { type, module, options } = each;
  throw new PlbaError(
    'DECORATOR_MISUSED',
    `${kind} "${options.name}" (${ownerOf(type, module)}) has no ${lacks.map((method) => `${method}()`).join(', ')}`,
    {
      hint:
        kind === 'worker' && !isRoutine
          ? 'extend RoutineWorker and write run(), or implement Worker by hand: start(), stop(), health() and status()'
          : `write ${lacks.map((method) => `${method}()`).join(' and ')}`,
    },
  );
}

function construct<T, O extends { readonly name: string }>(assembly: Assembly, kind: Kind, each: Declared<T, O>): T {
  try {
    return new each.type();
  } catch (error) {
    throw explainFor(error, assembly, kind, each);
  }
}

/** An error of the container, with the chain from the declared class to what is missing; see `explainResolution`. */
export function explainFor(
  error: unknown,
  { container, implementations }: Assembly,
  kind: Kind,
  { module, type, options: { name } }: Declared<unknown, { readonly name: string }>,
): PlbaError {
  return explainResolution(error, { module, kind, name, type }, container, implementations);
}

function declare<T, O extends { readonly name: string }>(
  kind: string,
  decorator: string,
  listed: readonly { readonly type: Newable<T>; readonly module: string }[],
  optionsOf: (type: Newable<T>) => O | undefined,
): Declared<T, O>[] {
  const owners = new Map<string, string>();
  return listed.map(({ type, module }) => {
    const options = optionsOf(type);
    if (options === undefined) {
      throw new PlbaError(
        'DECORATOR_MISUSED',
        `module "${module}" lists class ${type.name} as a ${kind}, and it is not tagged with ${decorator}`,
        {
          hint: `put ${decorator.replace('()', '({ name: … })')} above the class itself: a subclass does not inherit it`,
        },
      );
    }
    checkName(kind, options.name, `class ${type.name}`);
    const owner = ownerOf(type, module);
    const other = owners.get(options.name);
    if (other !== undefined) {
      throw new PlbaError('NAME_DUPLICATE', `two ${kind}s are called "${options.name}": ${other} and ${owner}`, {
        hint: 'give one of them another name, or list the class once',
      });
    }
    owners.set(options.name, owner);
    return { type, module, options };
  });
}

const injectableFlagKey = '@inversifyjs/core/classIsInjectableFlagReflectKey';

/**
 * Whether nothing is injected into a class, as far as anybody can tell: its constructor takes nothing, and neither it nor a
 * class that it extends carries metadata other than our own. All that the container could do is `new type()`.
 */
function isPlain(type: Newable): boolean {
  return type.length === 0 && Reflect.getMetadataKeys(type).length === 1;
}
