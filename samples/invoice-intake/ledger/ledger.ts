import type { DecimalText } from '../invoice/decimal.js';
import type { InvoiceDocument } from '../invoice/invoice-document.js';
import type { Connections, Session } from './connections.js';
import { identityOf, type InvoiceIdentity } from './invoice-identity.js';
import { migrate } from './schema.js';

/** Where a posted invoice came from. */
export interface Provenance {
  /** The file's name. */
  readonly file: string;
  /** SHA-256 of the file's bytes, in hexadecimal: two files are the same content when all their bytes are. */
  readonly sha256: string;
  /** Unique for every file that is taken in: posting again under the same receipt is not a second posting. */
  readonly receipt: string;
}

/**
 * What came of posting an invoice.
 * - `posted`: it is in the ledger, now or since an earlier attempt under the same receipt
 * - `already posted`: the same content is in the ledger
 * - `conflict`: the same invoice is in the ledger with another content
 */
export type Posting =
  | { readonly kind: 'posted' }
  | { readonly kind: 'already posted'; readonly as: PostedInvoice }
  | { readonly kind: 'conflict'; readonly with: PostedInvoice };

/** An invoice in the ledger, as far as one needs it to tell people which one is meant. */
export interface PostedInvoice {
  readonly file: string;
  readonly seller: string;
  readonly currency: string;
  readonly due: DecimalText;
}

/** What one seller's invoices of one currency come to. Credit notes count negative. Exact decimals. */
export interface SellerTotals {
  readonly currency: string;
  readonly seller: string;
  readonly invoices: number;
  readonly creditNotes: number;
  readonly withoutVat: DecimalText;
  readonly vat: DecimalText;
  readonly withVat: DecimalText;
  readonly due: DecimalText;
}

/** Posted invoices, in PostgreSQL 12 or newer. Every method throws `LedgerUnavailable` while the database cannot be used. */
export class Ledger {
  constructor(private readonly connections: Connections) {}

  /** Brings the schema up to date; harmless when it is, and when others do the same. Answers how many steps that took. */
  async migrate(signal?: AbortSignal): Promise<number> {
    return this.connections.transaction(migrate, signal);
  }

  /** Posts an invoice, in one transaction, unless it is there already. Safe to repeat after any kind of failure. */
  async post(invoice: InvoiceDocument, from: Provenance, signal?: AbortSignal): Promise<Posting> {
    const identity = identityOf(invoice);
    return this.connections.transaction(async (session) => {
      // Claiming comes first: of two transactions that post the same invoice, the later one waits here for the earlier one.
      await session.query('SAVEPOINT unposted');
      const claimed = await claim(session, identity, await insert(session, invoice, from));
      if (claimed) return { kind: 'posted' };
      await session.query('ROLLBACK TO SAVEPOINT unposted');
      return compare(await findPosted(session, identity), from);
    }, signal);
  }

  /** Totals by currency and seller, in that order. */
  async totals(signal?: AbortSignal): Promise<SellerTotals[]> {
    return this.connections.use(async (session) => {
      const { rows } = await session.query<SellerTotals>(totalsQuery);
      return rows;
    }, signal);
  }

  /** Resolves when the database answers. */
  async ping(signal?: AbortSignal): Promise<void> {
    await this.connections.use((session) => session.query('SELECT 1'), signal);
  }

  /** Closes all connections, once they are no longer used. */
  async close(): Promise<void> {
    await this.connections.close();
  }
}

const totalsQuery = `
  SELECT currency, seller,
         (count(*) FILTER (WHERE kind = 'Invoice'))::integer AS invoices,
         (count(*) FILTER (WHERE kind = 'CreditNote'))::integer AS "creditNotes",
         sum(sign * without_vat)::text AS "withoutVat",
         sum(sign * vat)::text AS vat,
         sum(sign * with_vat)::text AS "withVat",
         sum(sign * due)::text AS due
    FROM invoice, LATERAL (SELECT CASE kind WHEN 'CreditNote' THEN -1 ELSE 1 END AS sign) AS signed
   GROUP BY currency, seller
   ORDER BY currency, seller`;

async function insert(session: Session, invoice: InvoiceDocument, from: Provenance): Promise<string> {
  const { totals } = invoice;
  const { rows } = await session.query<{ id: string }>(
    `INSERT INTO invoice (kind, number, issue_date, currency, seller, buyer, without_vat, vat, with_vat, due, file, content, receipt)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, decode($12, 'hex'), $13) RETURNING id`,
    [
      ...[invoice.kind, invoice.number, invoice.issueDate, invoice.currency, invoice.seller.name, invoice.buyer.name],
      ...[totals.withoutVat, totals.vat, totals.withVat, totals.due],
      ...[from.file, from.sha256, from.receipt],
    ],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('the database gave no id for an invoice it has taken');
  return row.id;
}

/** Whether all of the identity was still free, and is this invoice's now. */
async function claim(session: Session, { kind, number, sellers }: InvoiceIdentity, id: string): Promise<boolean> {
  const { rowCount } = await session.query(
    `INSERT INTO invoice_identity (kind, number, seller, invoice)
     SELECT $1, $2, seller, $4 FROM unnest($3::text[]) AS seller
     ON CONFLICT DO NOTHING`,
    [kind, number, sellers, id],
  );
  return rowCount === sellers.length;
}

type PostedRow = PostedInvoice & { readonly sha256: string; readonly receipt: string };

async function findPosted(session: Session, { kind, number, sellers }: InvoiceIdentity): Promise<PostedRow[]> {
  const { rows } = await session.query<PostedRow>(
    `SELECT file, invoice.seller, currency, due::text, encode(content, 'hex') AS sha256, receipt
       FROM invoice
      WHERE id IN (SELECT invoice FROM invoice_identity WHERE kind = $1 AND number = $2 AND seller = ANY ($3))
      ORDER BY id`,
    [kind, number, sellers],
  );
  return rows;
}

function compare(posted: readonly PostedRow[], from: Provenance): Posting {
  if (posted.some(({ receipt }) => receipt === from.receipt)) return { kind: 'posted' };
  const same = posted.find(({ sha256 }) => sha256 === from.sha256);
  if (same !== undefined) return { kind: 'already posted', as: same };
  const [other] = posted;
  if (other === undefined) throw new Error('the invoice that stood in the way is gone');
  return { kind: 'conflict', with: other };
}
