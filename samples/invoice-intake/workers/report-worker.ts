import { inject } from 'inversify';
import { cron, RoutineWorker, worked, worker, type ErrorClass, type Outcome, type RunContext } from 'plba';
import { LedgerUnavailable } from '../ledger/ledger-unavailable.js';
import { TotalsReport } from '../report/totals-report.js';

/** Writes the totals of the ledger every minute. Nobody is hurt when they are late, so it is not critical. */
@worker({
  name: 'report',
  trigger: cron('* * * * *', { timezone: 'UTC', missed: 'run-once' }),
  needs: ['migrate'],
  timeout: '30s',
  critical: false,
})
export class ReportWorker extends RoutineWorker {
  constructor(@inject(TotalsReport) private readonly report: TotalsReport) {
    super();
  }

  protected override async run(context: RunContext): Promise<Outcome> {
    const totals = await this.report.write(context.now(), context.signal);
    context.log.info(`wrote ${totals} totals to ${this.report.file}`);
    return worked({ items: totals });
  }

  protected override classify(error: unknown): ErrorClass {
    return error instanceof LedgerUnavailable ? 'blocked' : 'failed';
  }
}
