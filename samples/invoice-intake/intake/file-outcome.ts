import type { Rejection } from '../inbox/taken-file.js';
import type { InvoiceDocument } from '../invoice/invoice-document.js';

/**
 * What became of a file.
 * - `accepted`: its invoice is in the ledger
 * - `rejected`: it is no invoice that can be posted; it lies in `rejected/`
 * - `ignored`: there is nothing to do with it, because the ledger has the same content already or because it is no file
 */
export type FileOutcome =
  | { readonly kind: 'accepted'; readonly file: string; readonly invoice: InvoiceDocument }
  | ({ readonly kind: 'rejected'; readonly file: string } & Rejection)
  | { readonly kind: 'ignored'; readonly file: string; readonly reason: string };
