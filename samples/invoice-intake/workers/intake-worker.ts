import { inject } from 'inversify';
import {
  every,
  RoutineWorker,
  worker,
  type ErrorClass,
  type Outcome,
  type RunContext,
  type WorkerContext,
  withSpan,
} from 'plba';
import { Inbox } from '../inbox/inbox.js';
import { checkInbox, makeInbox } from '../inbox/prepare-inbox.js';
import type { FileOutcome } from '../intake/file-outcome.js';
import { IntakeReport } from '../intake/intake-report.js';
import { IntakeRoutine, type Remainder } from '../intake/intake-routine.js';
import { InvoiceConfig } from '../invoice-config.js';
import { LedgerUnavailable } from '../ledger/ledger-unavailable.js';
import { places } from '../places.js';
import { RunTally } from './run-tally.js';

/** How often a worker that runs once looks again at files that somebody is still writing, before it leaves them. */
const looksAtGrowingFiles = 20;

/** Takes in what lies in the inbox: orchestration only, the business is in {@link IntakeRoutine}. */
@worker({
  name: 'intake',
  trigger: every('2s', { immediately: true }),
  needs: ['migrate'],
  timeout: '5m',
  retry: { initial: '500ms', max: '10s' },
})
export class IntakeWorker extends RoutineWorker {
  constructor(
    @inject(IntakeRoutine) private readonly routine: IntakeRoutine,
    @inject(Inbox) private readonly inbox: Inbox,
    @inject(IntakeReport) private readonly report: IntakeReport,
    @inject(InvoiceConfig) private readonly config: InvoiceConfig,
  ) {
    super();
  }

  override async start(context: WorkerContext): Promise<void> {
    if (this.config.inbox === undefined) await makeInbox(this.inbox.folder, places.shippedInvoices);
    await checkInbox(this.inbox.folder);
    context.log.info(`taking in what is put into ${this.inbox.folder}`);
    await super.start(context);
  }

  protected override async run(context: RunContext): Promise<Outcome> {
    const tally = new RunTally();
    try {
      for (let look = 1; ; look += 1) {
        const { more, growing } = await this.pass(context, tally);
        if (context.trigger !== 'once') return tally.outcome(more);
        // A worker that runs once has no later run to leave the rest to.
        if (more) continue;
        if (growing.length === 0 || look >= looksAtGrowingFiles) {
          for (const file of growing)
            this.note(context, { kind: 'ignored', file, reason: 'it is still being written' });
          return tally.outcome(false);
        }
        await context.sleep(this.config.quietMs);
      }
    } finally {
      if (this.config.reportFile !== undefined) await this.report.write(this.config.reportFile);
    }
  }

  /** A ledger that is away is nobody's fault here, and its return needs nobody: wait and try again. */
  protected override classify(error: unknown): ErrorClass {
    return error instanceof LedgerUnavailable ? 'blocked' : 'failed';
  }

  private async pass(context: RunContext, tally: RunTally): Promise<Remainder> {
    const pass = this.routine.takeIn(context.now(), context.signal);
    for (;;) {
      // A span for each file, so that a run shows where its time went.
      const step = await withSpan('a file', () => pass.next());
      if (step.done === true) return step.value;
      tally.add(step.value);
      this.note(context, step.value);
      context.progress(tally.files, undefined, step.value.file);
    }
  }

  private note(context: RunContext, outcome: FileOutcome): void {
    this.report.add(outcome);
    log(context, outcome);
  }
}

function log(context: RunContext, outcome: FileOutcome): void {
  const { kind, file } = outcome;
  switch (kind) {
    case 'accepted': {
      const { number, currency, seller, totals } = outcome.invoice;
      const fields = { file, number, seller: seller.name, due: totals.due, currency };
      context.log.info(fields, `${file}: accepted ${number} of ${seller.name}, ${totals.due} ${currency} due`);
      break;
    }
    case 'rejected':
      context.log.warn({ file, rules: outcome.rules }, `${file}: rejected, ${outcome.reason}`);
      break;
    case 'ignored':
      context.log.info({ file }, `${file}: ignored, ${outcome.reason}`);
      break;
  }
}
