import { inject } from 'inversify';
import { once, RoutineWorker, worked, worker, type ErrorClass, type Outcome, type RunContext } from 'plba';
import { Ledger } from '../ledger/ledger.js';
import { LedgerUnavailable } from '../ledger/ledger-unavailable.js';

/** Brings the ledger's schema up to date. Whoever works with the ledger needs it. */
@worker({
  name: 'migrate',
  trigger: once(),
  needs: ['database'],
  retry: { initial: '500ms', max: '5s' },
  stop: { drain: '2s', abort: '1s' },
})
export class MigrateWorker extends RoutineWorker {
  constructor(@inject(Ledger) private readonly ledger: Ledger) {
    super();
  }

  protected override async run({ signal, log }: RunContext): Promise<Outcome> {
    const steps = await this.ledger.migrate(signal);
    log.info(steps === 0 ? "the ledger's schema is up to date" : `the ledger's schema took ${steps} step(s)`);
    return worked({ items: steps });
  }

  /** A database that is away comes back. A wrong password or a schema from the future needs a person. */
  protected override classify(error: unknown): ErrorClass {
    return error instanceof LedgerUnavailable ? 'blocked' : 'fatal';
  }
}
