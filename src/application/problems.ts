import { summarizeError } from '../plain/error-summary.js';
import { scrubSummary } from '../plain/scrub-summary.js';
import { SecretVault } from '../secrets/secret-vault.js';
import type { Problem } from './blueprint.js';

/** What would keep an application from starting, as far as it has been found, without the secrets that are known. */
export class Problems {
  readonly vault = new SecretVault();
  private readonly all: Problem[] = [];

  /** In the order in which they were found, each once. */
  get found(): readonly Problem[] {
    return this.all;
  }

  /** Does a piece of work; what it throws is a problem, and the answer is undefined. */
  async collect<T>(work: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.add(error);
      return undefined;
    }
  }

  add(error: unknown): void {
    const { message, code, hint, causes } = scrubSummary(summarizeError(error), (text) => this.vault.scrub(text));
    if (this.all.some((known) => known.message === message)) return;
    this.all.push({
      kind: code === 'CONFIG_INVALID' ? 'configuration' : 'wiring',
      message,
      ...(code !== undefined && { code }),
      ...(hint !== undefined && { hint }),
      ...(causes !== undefined && { causes }),
    });
  }
}
