import { inject } from 'inversify';
import { worker, type Health, type Worker, type WorkerContext, type WorkerStatus } from 'plba';
import { LedgerDatabase } from '../ledger/ledger-database.js';

/**
 * Keeps the application's own database up, for as long as this worker is: to stop it takes the database away, and to start it
 * brings the database back. It has no runs, so it is a worker by hand and not a `RoutineWorker`.
 *
 * A database that is configured is not ours to stop: then there is nothing to keep, and the worker has completed at once. The
 * same goes for an application that runs once, which must end although its database is up.
 */
@worker({ name: 'database', stop: { drain: '8s', abort: '3s' } })
export class DatabaseWorker implements Worker {
  private where: string | undefined;
  /** The database outlives this worker: others still need it when it has completed. It ends with the process. */
  private stays = false;

  constructor(@inject(LedgerDatabase) private readonly database: LedgerDatabase) {}

  async start(context: WorkerContext): Promise<void> {
    this.where = await this.database.start(context.signal, (how) => {
      context.log.warn(how);
    });
    context.log.info(`the ledger is in ${this.where}`);
    this.stays = !this.database.isOwn || context.options.trigger.kind === 'once';
    if (this.stays) context.complete();
  }

  async stop(): Promise<void> {
    this.where = undefined;
    if (!this.stays) await this.database.stop();
  }

  /** It is up. How those who use the database find it is for them to say, and for the health of the ledger. */
  health(): Health {
    return { status: 'ok' };
  }

  status(): WorkerStatus {
    const details = this.where === undefined ? {} : { database: this.where, 'to take it away': 'stop this worker' };
    return { state: this.where === undefined ? 'stopped' : 'running', details };
  }
}
