import { createHash } from 'node:crypto';
import type { Inbox } from '../inbox/inbox.js';
import { FileStillWritten, FileUnreadable, type Rejection, type TakenFile } from '../inbox/taken-file.js';
import { examineInvoice } from '../invoice/examine-invoice.js';
import { InvoiceRefused } from '../invoice/invoice-refused.js';
import type { Ledger, PostedInvoice } from '../ledger/ledger.js';
import { LedgerUnavailable } from '../ledger/ledger-unavailable.js';
import { checkSize, type XmlLimits } from '../xml/read-xml.js';
import { XmlRefused } from '../xml/xml-refused.js';
import type { FileOutcome } from './file-outcome.js';

/** What one pass over the inbox has left there. */
export interface Remainder {
  /** Names of files that somebody still writes. */
  readonly growing: readonly string[];
  /** Whether there may be finished files that this pass did not get to. */
  readonly more: boolean;
}

/**
 * The business of taking invoices in: from the inbox into the ledger. Knows nothing of PLBA.
 *
 * A file is taken out of the inbox, posted under its receipt, and moved away, in this order. Whatever breaks that off, the next
 * pass finds the file among the leftovers and does the rest under the same receipt: nothing is lost, and nothing is posted twice.
 */
export class IntakeRoutine {
  private readonly mentioned = new Set<string>();

  constructor(
    private readonly inbox: Inbox,
    private readonly ledger: Ledger,
    private readonly options: {
      /** How many files one pass takes in at most. */
      readonly batchSize: number;
      readonly limits: XmlLimits;
    },
  ) {}

  /**
   * One pass over the inbox. Yields what became of each file as soon as it is settled, and returns what is left.
   * @throws {LedgerUnavailable} as soon as the ledger is away; the file at hand waits for the next pass
   * @throws {AggregateError} at the end, with the errors of files that went wrong for no reason of their own
   */
  async *takeIn(now: Date, signal: AbortSignal): AsyncGenerator<FileOutcome, Remainder> {
    signal.throwIfAborted();
    const leftovers = await this.inbox.leftovers();
    const view = await this.inbox.look(now, Math.max(0, this.options.batchSize - leftovers.length));
    yield* this.mention(view.unusable);

    const errors: unknown[] = [];
    const growing = [...view.growing];
    for (const next of [...leftovers, ...view.ready]) {
      signal.throwIfAborted();
      const taken = typeof next === 'string' ? await this.inbox.take(next) : next;
      if (taken === undefined) continue;
      try {
        yield await this.settle(taken, signal);
      } catch (error) {
        if (error instanceof LedgerUnavailable || signal.aborted) throw error;
        if (error instanceof FileStillWritten) growing.push(taken.file);
        else errors.push(new Error(`"${taken.file}" could not be taken in`, { cause: error }));
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, errors.map(String).join('; '));
    return { growing, more: view.ready.length > 0 && leftovers.length + view.ready.length >= this.options.batchSize };
  }

  private async settle(taken: TakenFile, signal: AbortSignal): Promise<FileOutcome> {
    const { file } = taken;
    try {
      const bytes = await taken.read((size) => {
        checkSize(size, this.options.limits);
      });
      const invoice = await examineInvoice(bytes, this.options.limits, signal);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const posting = await this.ledger.post(invoice, { file, sha256, receipt: taken.receipt }, signal);
      if (posting.kind === 'conflict') {
        const reason = `duplicate number: ${invoice.number} ${describe(posting.with)} is posted with other content`;
        return await this.reject(taken, { rules: [], reason });
      }
      await taken.accept();
      return posting.kind === 'posted'
        ? { kind: 'accepted', file, invoice }
        : { kind: 'ignored', file, reason: `duplicate: the same content is posted, ${describe(posting.as)}` };
    } catch (error) {
      const rejection = rejectionFor(error);
      if (rejection === undefined) throw error;
      return this.reject(taken, rejection);
    }
  }

  private async reject(taken: TakenFile, rejection: Rejection): Promise<FileOutcome> {
    await taken.reject(rejection);
    return { kind: 'rejected', file: taken.file, ...rejection };
  }

  /** What cannot be taken in stays in the inbox, and is mentioned once for as long as it is there. */
  private *mention(unusable: readonly { readonly file: string; readonly reason: string }[]): Generator<FileOutcome> {
    for (const { file, reason } of unusable) {
      if (!this.mentioned.has(file)) yield { kind: 'ignored', file, reason };
    }
    this.mentioned.clear();
    for (const { file } of unusable) this.mentioned.add(file);
  }
}

/** Why the file is rejected, when the error says that the file is to blame. */
function rejectionFor(error: unknown): Rejection | undefined {
  if (error instanceof InvoiceRefused) return { rules: error.rules, reason: error.message };
  if (error instanceof XmlRefused || error instanceof FileUnreadable) return { rules: [], reason: error.message };
  return undefined;
}

function describe(posted: PostedInvoice): string {
  return `from "${posted.file}" (${posted.seller}, ${posted.due} ${posted.currency} due)`;
}
