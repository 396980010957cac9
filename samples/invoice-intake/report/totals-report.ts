import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { writeAtomically } from '../files/write-atomically.js';
import type { Ledger } from '../ledger/ledger.js';

/** Writes the totals of the ledger, by currency and seller, to a file. Knows nothing of PLBA. */
export class TotalsReport {
  constructor(
    private readonly ledger: Ledger,
    /** Where they go. */
    readonly file: string,
  ) {}

  /** Replaces the file. Answers how many totals are in it. */
  async write(asOf: Date, signal?: AbortSignal): Promise<number> {
    const totals = await this.ledger.totals(signal);
    await mkdir(path.dirname(this.file), { recursive: true });
    await writeAtomically(this.file, `${JSON.stringify({ asOf: asOf.toISOString(), totals }, undefined, 2)}\n`);
    return totals.length;
  }
}
