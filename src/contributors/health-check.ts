import { type Container, decorate, inject, injectable, type Newable, type ServiceIdentifier } from 'inversify';
import type { Health, HealthContributor, HealthContributorOptions, HealthStatus } from '../contracts/health.js';
import { tokens } from '../contracts/tokens.js';
import { setHealthContributorOptions } from '../worker/metadata.js';

/** Something from the container of the application: its configuration, a client, a pool. */
export type FromContainer = <T>(identifier: ServiceIdentifier<T>) => T;

/**
 * A question that is one function. Answering nothing is `ok`; throwing and rejecting are `unhealthy`.
 *
 * @param signal aborts at the timeout and when the application stops
 * @param get what the question needs
 */
export type HealthQuestion = (signal: AbortSignal, get: FromContainer) => Answered | Promise<Answered>;

// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- so that a function that answers nothing needs no `return`
type Answered = void | HealthStatus | Health;

/**
 * Makes a health contributor of a function, for a module to list:
 * `module.healthContributor(healthCheck({ name: 'mailbox' }, async (signal, get) => { await get(Mailbox).ping(signal); }))`.
 */
export function healthCheck(options: HealthContributorOptions, question: HealthQuestion): Newable<HealthContributor> {
  class HealthCheck implements HealthContributor {
    private readonly get: FromContainer;

    constructor(container: Pick<Container, 'get'>) {
      this.get = (identifier) => container.get(identifier);
    }

    async check(signal: AbortSignal): Promise<HealthStatus | Health> {
      return (await question(signal, this.get)) ?? 'ok';
    }
  }
  // As calls: in the published build there are no helpers for the syntax of decorators.
  decorate(injectable(), HealthCheck);
  decorate(inject(tokens.Container), HealthCheck, 0);
  setHealthContributorOptions(HealthCheck, options);
  return HealthCheck;
}
