import type { Container, Newable } from 'inversify';
import { configRef } from '../config/config-ref.js';
import type { Followers } from '../config/followers.js';
import { tokens } from '../contracts/tokens.js';
import type { SecretVault } from '../secrets/secret-vault.js';

/**
 * Binds the sections of the configuration: by class, as they are when they are asked for; by `configRef()`, as they are at any time. Who
 * asks for which decides what a reload means to them.
 */
export function bindConfiguration(
  container: Container,
  sections: readonly Newable<object>[],
  followers: Followers,
  vault: SecretVault,
): void {
  container.bind(tokens.Configuration).toConstantValue(followers);
  container.bind(tokens.Secrets).toConstantValue(vault);
  for (const section of sections) {
    container.bind(section).toDynamicValue(() => followers.get(section));
    container.bind(configRef(section)).toDynamicValue(() => followers.ref(section));
  }
}
