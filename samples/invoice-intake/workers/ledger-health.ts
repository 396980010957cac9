import { inject } from 'inversify';
import { healthContributor, type Health, type HealthContributor } from 'plba';
import { Ledger } from '../ledger/ledger.js';
import { LedgerUnavailable } from '../ledger/ledger-unavailable.js';

/**
 * Whether the ledger's database answers. Not critical: without it the application waits and loses nothing, so that it is degraded
 * and not unhealthy. To start it anew would not bring the database back.
 */
@healthContributor({ name: 'ledger', groups: ['ready'], every: '5s', timeout: '4s', critical: false })
export class LedgerHealth implements HealthContributor {
  constructor(@inject(Ledger) private readonly ledger: Ledger) {}

  async check(signal: AbortSignal): Promise<Health> {
    try {
      await this.ledger.ping(signal);
      return { status: 'ok' };
    } catch (error) {
      if (!(error instanceof LedgerUnavailable)) throw error;
      return { status: 'unhealthy', reason: error.message };
    }
  }
}
