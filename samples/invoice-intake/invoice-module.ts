import path from 'node:path';
import { ApplicationModule, type ModuleBuilder } from 'plba';
import { Inbox } from './inbox/inbox.js';
import { IntakeReport } from './intake/intake-report.js';
import { IntakeRoutine } from './intake/intake-routine.js';
import { defaultLimits } from './invoice/examine-invoice.js';
import { InvoiceConfig } from './invoice-config.js';
import { Connections } from './ledger/connections.js';
import { Ledger } from './ledger/ledger.js';
import { LedgerDatabase } from './ledger/ledger-database.js';
import { places } from './places.js';
import { TotalsReport } from './report/totals-report.js';
import { DatabaseWorker } from './workers/database-worker.js';
import { IntakeWorker } from './workers/intake-worker.js';
import { LedgerHealth } from './workers/ledger-health.js';
import { MigrateWorker } from './workers/migrate-worker.js';
import { ReportWorker } from './workers/report-worker.js';

/** Invoices from a folder into a ledger. The one place where the business, which knows nothing of PLBA, meets it. */
export class InvoiceModule extends ApplicationModule {
  readonly name = 'invoice-intake';

  override assemble(module: ModuleBuilder): void {
    module.config(InvoiceConfig);
    bindLedger(module);
    bindIntake(module);
    module.worker(DatabaseWorker);
    module.worker(MigrateWorker);
    module.worker(IntakeWorker);
    module.worker(ReportWorker);
    module.healthContributor(LedgerHealth);
  }
}

function bindLedger(module: ModuleBuilder): void {
  module
    .bind(LedgerDatabase)
    .toDynamicValue((context) => {
      const { databaseUrl, databaseFolder } = context.get(InvoiceConfig);
      return new LedgerDatabase({ url: databaseUrl, folder: path.resolve(databaseFolder) });
    })
    .inSingletonScope();
  module
    .bind(Ledger)
    .toDynamicValue((context) => {
      const database = context.get(LedgerDatabase);
      return new Ledger(new Connections((signal) => database.url(signal)));
    })
    .inSingletonScope();
  module
    .bind(TotalsReport)
    .toDynamicValue((context) => {
      return new TotalsReport(context.get(Ledger), path.resolve(context.get(InvoiceConfig).totalsFile));
    })
    .inSingletonScope();
}

function bindIntake(module: ModuleBuilder): void {
  module
    .bind(Inbox)
    .toDynamicValue((context) => {
      const { inbox, quietMs } = context.get(InvoiceConfig);
      return new Inbox(path.resolve(inbox ?? places.inbox), { quietMs });
    })
    .inSingletonScope();
  module
    .bind(IntakeRoutine)
    .toDynamicValue((context) => {
      const { batchSize, maxFileBytes } = context.get(InvoiceConfig);
      const limits = { ...defaultLimits, maxBytes: maxFileBytes };
      return new IntakeRoutine(context.get(Inbox), context.get(Ledger), { batchSize, limits });
    })
    .inSingletonScope();
  module.bind(IntakeReport).toConstantValue(new IntakeReport());
}
