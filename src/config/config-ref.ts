import type { Newable, ServiceIdentifier } from 'inversify';
import type { ConfigRef } from '../contracts/configuration.js';
import { PlbaError } from '../errors.js';
import { sectionOf } from './decorators.js';

/**
 * What a class injects to follow a section of the configuration while the application runs:
 * `constructor(@inject(configRef(InvoiceConfig)) private readonly config: ConfigRef<InvoiceConfig>)`.
 * @throws `DECORATOR_MISUSED` for a class without `@configuration()`
 */
export function configRef<T extends object>(type: Newable<T>): ServiceIdentifier<ConfigRef<T>> {
  const section = sectionOf(type);
  if (section !== undefined) return Symbol.for(`plba.ConfigRef.${section}`);
  throw new PlbaError('DECORATOR_MISUSED', `class ${type.name} is no configuration that can be followed`, {
    hint: "put @configuration('<section>') above the class",
  });
}
