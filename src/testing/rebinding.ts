import type { BindToFluentSyntax, Container, Newable, ServiceIdentifier } from 'inversify';
import { PlbaError } from '../errors.js';
import type { BoundServices } from './test-plan.js';

/** What others see of a `T`. A stand-in has no need of private members. */
export type PublicSide<T> = T extends (...args: never[]) => unknown ? T : { [K in keyof T]: T[K] };

/** Replaces a binding. @throws `BINDING_MISSING` when no module binds `identifier`, with what to do instead */
export function replaceBinding<T>(
  { container, implementations }: BoundServices,
  identifier: ServiceIdentifier<T>,
  bind: (binding: BindToFluentSyntax<PublicSide<T>>) => unknown,
): void {
  if (container.isBound(identifier)) {
    bind(container.rebind(identifier as ServiceIdentifier<PublicSide<T>>));
    return;
  }
  const name = nameOf(identifier);
  throw new PlbaError('BINDING_MISSING', `the test rebinds ${name}, and no module binds it`, {
    hint: hintFor(identifier, implementations),
  });
}

function hintFor(identifier: ServiceIdentifier, implementations: ReadonlyMap<unknown, Newable>): string {
  const boundTo = [...implementations].find(([, type]) => type === identifier)?.[0];
  if (boundTo !== undefined) {
    return `it is what ${nameOf(boundTo as ServiceIdentifier)} is bound to: rebind that`;
  }
  const related = [...implementations.keys()].find((known) => isRelated(known, identifier));
  if (related !== undefined) return `${nameOf(related as ServiceIdentifier)} is bound: is that what is meant?`;
  const known = [...implementations.keys()].map((each) => nameOf(each as ServiceIdentifier));
  return `rebind the identifier that the application injects; bound to a class are: ${known.join(', ') || 'none'}`;
}

/** Whether one is a subclass of the other, or both have the same name. */
function isRelated(known: unknown, identifier: ServiceIdentifier): boolean {
  if (nameOf(known as ServiceIdentifier) === nameOf(identifier)) return true;
  if (typeof known !== 'function' || typeof identifier !== 'function') return false;
  return known.prototype instanceof identifier || identifier.prototype instanceof known;
}

const changes = [
  'rebind',
  'rebindAsync',
  'unbind',
  'unbindAsync',
  'unbindAll',
  'unbindAllAsync',
  'restore',
  'snapshot',
] as const satisfies readonly (keyof Container)[];

/** Lets a container refuse to have bindings changed: its components have been resolved, and keep what they were given. */
export function sealBindings(container: Container): void {
  for (const change of changes) {
    Object.defineProperty(container, change, {
      configurable: true,
      value: (identifier?: ServiceIdentifier) => {
        const what = identifier === undefined ? '' : ` of ${nameOf(identifier)}`;
        throw new PlbaError(
          'TEST_REBIND_LATE',
          `${change}()${what} comes too late: the application has resolved its components, and they keep what they were given`,
          { hint: 'call .rebind(token, (binding) => …) on testApplication(…), before .start()' },
        );
      },
    });
  }
}

function nameOf(identifier: ServiceIdentifier): string {
  return typeof identifier === 'function' ? identifier.name : String(identifier);
}
