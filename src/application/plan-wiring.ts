import type { Container, Newable, ServiceIdentifier } from 'inversify';
import { configRef } from '../config/config-ref.js';
import { tokens } from '../contracts/tokens.js';
import type { Assembly } from './assemble.js';
import { type Declared, explainFor, type Kind } from './build-container.js';

/** Bound as soon as one of their kind is. */
const ofAKind: readonly unknown[] = [tokens.Worker, tokens.HealthContributor, tokens.ControlRoute];

/** Binds what the runtime would, as a promise: what it will be is not there yet. */
export function bindPromises({ container, modules }: Assembly): void {
  const sections = new Set(modules.flatMap(({ configs }) => configs));
  const own: readonly ServiceIdentifier[] = Object.values(tokens).filter((token) => !ofAKind.includes(token));
  for (const service of [...own, ...sections, ...[...sections].map(configRef)])
    container.bind(service).toConstantValue(undefined);
}

/** What stands in the way of constructing a declared class, as the start would say it; undefined when nothing does. */
export function planFaultOf(
  assembly: Assembly,
  kind: Kind,
  each: Declared<unknown, { readonly name: string }>,
): Error | undefined {
  try {
    plan(assembly.container, each.type);
    return undefined;
  } catch (error) {
    return explainFor(error, assembly, kind, each);
  }
}

class Planned extends Error {}

/**
 * Has the container plan the construction of a class, and breaks off before the first constructor: the container plans the whole of a request
 * before it resolves the first part of it, and here that part throws.
 */
function plan(container: Container, type: Newable): void {
  const request = Symbol('plan');
  const end = Symbol('end of planning');
  container.bind(end).toDynamicValue(() => {
    throw new Planned();
  });
  container.bind(request).toResolvedValue((...parts: unknown[]) => parts, [end, type]);
  try {
    container.get(request);
  } catch (error) {
    if (!(error instanceof Planned)) throw error;
  }
}
