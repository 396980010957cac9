import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { writeAtomically } from '../files/write-atomically.js';
import type { InvoiceKind } from '../invoice/invoice-document.js';
import type { FileOutcome } from './file-outcome.js';

/** What became of each file, as other programs read it. Amounts are what stands in the invoice. */
interface ReportFile {
  readonly accepted: {
    readonly file: string;
    readonly id: string;
    readonly kind: InvoiceKind;
    readonly issueDate: string;
    readonly currency: string;
    readonly due: string;
  }[];
  readonly rejected: { readonly file: string; readonly rules: readonly string[]; readonly reason: string }[];
  readonly ignored: { readonly file: string; readonly reason: string }[];
}

/** Collects what became of each file since the application started. */
export class IntakeReport {
  private readonly content: ReportFile = { accepted: [], rejected: [], ignored: [] };

  add(outcome: FileOutcome): void {
    const { file } = outcome;
    switch (outcome.kind) {
      case 'accepted': {
        const { number, kind, issueDate, currency, totals } = outcome.invoice;
        this.content.accepted.push({ file, id: number, kind, issueDate, currency, due: totals.due });
        break;
      }
      case 'rejected':
        this.content.rejected.push({ file, rules: outcome.rules, reason: outcome.reason });
        break;
      case 'ignored':
        this.content.ignored.push({ file, reason: outcome.reason });
        break;
    }
  }

  /** Replaces the file at `place` with what was collected so far, as JSON. */
  async write(place: string): Promise<void> {
    await mkdir(path.dirname(path.resolve(place)), { recursive: true });
    await writeAtomically(place, `${JSON.stringify(this.content, undefined, 2)}\n`);
  }
}
