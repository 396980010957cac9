import 'reflect-metadata';
import { decorate, injectable, type Container, type Newable } from 'inversify';
import type { HealthContributor, HealthContributorOptions } from '../contracts/health.js';
import { tokens } from '../contracts/tokens.js';
import type { Worker } from '../contracts/worker.js';
import type { WorkerOptions } from '../contracts/worker-options.js';
import { PlbaError } from '../errors.js';
import { getHealthContributorOptions, getWorkerOptions } from '../worker/metadata.js';
import { checkName } from '../worker/names.js';
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
 * @throws `DECORATOR_MISUSED` for a class without `@worker()`, `NAME_INVALID`, `NAME_DUPLICATE`
 */
export function declaredWorkers({ modules }: Assembly): Declared<Worker, WorkerOptions>[] {
  const listed = modules.flatMap(({ name, workers }) => workers.map((type) => ({ type, module: name })));
  return declare('worker', '@worker()', listed, getWorkerOptions);
}

/** The health contributors of an assembly, likewise. */
export function declaredContributors({ modules }: Assembly): Declared<HealthContributor, HealthContributorOptions>[] {
  const listed = modules.flatMap(({ name, healthContributors }) =>
    healthContributors.map((type) => ({ type, module: name })),
  );
  return declare('health contributor', '@healthContributor()', listed, getHealthContributorOptions);
}

/** Binds the tagged classes, each as one instance, and under the token of all of its kind. */
export function bindDeclared(
  container: Container,
  workers: readonly Declared<Worker, unknown>[],
  contributors: readonly Declared<HealthContributor, unknown>[],
): void {
  for (const { type } of workers) bindSingle(container, type, tokens.Worker);
  for (const { type } of contributors) bindSingle(container, type, tokens.HealthContributor);
}

/**
 * Constructs everything that was declared. `adapt` may put something in the place of an instance.
 * @throws `BINDING_MISSING`, `BINDING_CYCLE`, `BINDING_FAILED`, each with the whole chain
 */
export async function resolveDeclared<T, O extends { readonly name: string }>(
  { container, implementations }: Assembly,
  kind: 'worker' | 'health contributor',
  declared: readonly Declared<T, O>[],
  adapt: (instance: T, name: string) => T = (instance) => instance,
): Promise<Resolved<T, O>[]> {
  const resolved: Resolved<T, O>[] = [];
  for (const each of declared) {
    try {
      resolved.push({ ...each, instance: adapt(await container.getAsync(each.type), each.options.name) });
    } catch (error) {
      throw explainResolution(
        error,
        { module: each.module, kind, name: each.options.name, type: each.type },
        container,
        implementations,
      );
    }
  }
  return resolved;
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
    const owner = `class ${type.name} of module "${module}"`;
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

function bindSingle<T>(container: Container, type: Newable<T>, token: Parameters<typeof container.bind>[0]): void {
  if (!Reflect.hasOwnMetadata(injectableFlagKey, type)) decorate(injectable(), type);
  if (!container.isBound(type)) container.bind(type).toSelf().inSingletonScope();
  container.bind(token).toService(type);
}
