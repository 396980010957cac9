import { inject } from 'inversify';
import { once, RoutineWorker, worked, worker, type ErrorClass, type Outcome, type RunContext } from 'plba';
import { LedgerDatabase } from '../ledger/ledger-database.js';

/** Brings up the application's own database, unless another one is configured. The database stays when this has completed. */
@worker({ name: 'database', trigger: once(), stop: { drain: '2s', abort: '1s' } })
export class DatabaseWorker extends RoutineWorker {
  constructor(@inject(LedgerDatabase) private readonly database: LedgerDatabase) {
    super();
  }

  protected override async run({ signal, log }: RunContext): Promise<Outcome> {
    const where = await this.database.start(signal, (how) => {
      log.warn(how);
    });
    log.info(`the ledger is in ${where}`);
    return worked();
  }

  /** A server that cannot be started now cannot be started a second later either. */
  protected override classify(): ErrorClass {
    return 'fatal';
  }
}
