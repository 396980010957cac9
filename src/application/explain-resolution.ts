import 'reflect-metadata';
import type { Container, Newable, ServiceIdentifier } from 'inversify';
import { sectionOf } from '../config/decorators.js';
import { PlbaError } from '../errors.js';

/** What is resolved, and for whom: the first links of the chain that an error names. */
export interface ResolutionSubject {
  readonly module: string;
  readonly kind: 'worker' | 'health contributor' | 'control route';
  readonly name: string;
  readonly type: Newable;
}

/** inversify's own notes on a class: what its constructor and its properties want to be given. */
const classMetadataKey = '@inversifyjs/core/classMetadataReflectKey';

interface Injection {
  readonly value?: ServiceIdentifier | { unwrap?: () => ServiceIdentifier };
  readonly optional?: boolean;
}

/**
 * Turns an error of the container into one that names the whole chain: module, worker, service, and what is missing, or
 * which components need each other in a circle, or which constructor threw.
 */
export function explainResolution(
  error: unknown,
  subject: ResolutionSubject,
  container: Container,
  implementations: ReadonlyMap<ServiceIdentifier, Newable>,
): PlbaError {
  const trail = [`module "${subject.module}"`, `${subject.kind} "${subject.name}" (${subject.type.name})`];
  const found = followChain(subject.type, container, implementations);
  if (found?.kind === 'missing') {
    const chain = [...trail, ...found.services.map(nameOf)];
    const missing = chain.pop() ?? 'something';
    return new PlbaError(
      'BINDING_MISSING',
      `nothing is bound for ${missing}: ${chain.join(' -> ')} -> ${missing} (missing)`,
      {
        hint: isSection(found.services.at(-1))
          ? `give it to a module: module.config(${missing})`
          : `bind it in a module, such as module.bind(${missing}).toSelf()`,
        cause: error,
      },
    );
  }
  if (found?.kind === 'cycle') {
    return new PlbaError(
      'BINDING_CYCLE',
      `components need each other in a circle: ${[...trail, ...found.services.map(nameOf)].join(' -> ')}`,
      {
        hint: 'let one of them take a third component that both can use',
        cause: error,
      },
    );
  }
  return new PlbaError('BINDING_FAILED', `${trail.join(' -> ')} could not be constructed`, {
    hint: 'see the cause: a constructor or a factory threw, or a dependency has no @inject()',
    cause: error,
  });
}

interface Chain {
  readonly kind: 'missing' | 'cycle';
  readonly services: readonly ServiceIdentifier[];
}

function followChain(
  type: Newable,
  container: Container,
  implementations: ReadonlyMap<ServiceIdentifier, Newable>,
): Chain | undefined {
  const sound = new Set<Newable>();
  const walk = (
    current: Newable,
    path: readonly Newable[],
    services: readonly ServiceIdentifier[],
  ): Chain | undefined => {
    for (const service of injectionsOf(current)) {
      const next = implementations.get(service);
      const chain = [...services, service];
      if (!container.isBound(service)) return { kind: 'missing', services: chain };
      if (next === undefined || sound.has(next)) continue;
      if (path.includes(next)) return { kind: 'cycle', services: chain };
      const found = walk(next, [...path, next], chain);
      if (found !== undefined) return found;
    }
    sound.add(current);
    return undefined;
  };
  return walk(type, [type], []);
}

function injectionsOf(type: Newable): ServiceIdentifier[] {
  const metadata = Reflect.getOwnMetadata(classMetadataKey, type) as
    { constructorArguments?: Injection[]; properties?: Map<unknown, Injection> } | undefined;
  const injections = [...(metadata?.constructorArguments ?? []), ...(metadata?.properties?.values() ?? [])];
  return injections
    .filter((injection) => injection.optional !== true)
    .map(({ value }) => (typeof value === 'object' ? value.unwrap?.() : value))
    .filter((service) => service !== undefined);
}

function nameOf(service: ServiceIdentifier): string {
  return typeof service === 'function' ? service.name : String(service);
}

/** Whether the service is a class of configuration, which has its values by the module only. */
function isSection(service: ServiceIdentifier | undefined): boolean {
  return typeof service === 'function' && sectionOf(service) !== undefined;
}
