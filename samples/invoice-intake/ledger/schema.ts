import type { Session } from './connections.js';

/**
 * The steps that lead to the present schema, oldest first. A step that has been released never changes: what comes next is a new
 * step at the end.
 */
const steps: readonly string[] = [
  `CREATE TABLE invoice (
     id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     kind        text NOT NULL CHECK (kind IN ('Invoice', 'CreditNote')),
     number      text NOT NULL,
     issue_date  date NOT NULL,
     currency    char(3) NOT NULL,
     seller      text NOT NULL,
     buyer       text NOT NULL,
     without_vat numeric NOT NULL,
     vat         numeric NOT NULL,
     with_vat    numeric NOT NULL,
     due         numeric NOT NULL,
     -- where it came from: the name and the SHA-256 of the file, and the receipt under which it was taken in
     file        text NOT NULL,
     content     bytea NOT NULL,
     receipt     text NOT NULL,
     posted_at   timestamptz NOT NULL DEFAULT now()
   );
   CREATE INDEX invoice_by_seller ON invoice (currency, seller);
   -- one row for each name of the seller: what makes an invoice unique, see invoice-identity.ts
   CREATE TABLE invoice_identity (
     kind    text NOT NULL,
     number  text NOT NULL,
     seller  text NOT NULL,
     invoice bigint NOT NULL REFERENCES invoice (id),
     PRIMARY KEY (kind, number, seller)
   )`,
];

/** Any number will do, as long as nothing else locks it: it keeps two applications from changing the schema at once. */
const migrationLock = 7_202_116_931;

/**
 * Brings the schema up to date, inside the session's transaction. Does nothing when it is.
 * @returns how many steps were taken
 * @throws when the schema is from a newer version of the application than this one
 */
export async function migrate(session: Session): Promise<number> {
  await session.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
  await session.query(
    'CREATE TABLE IF NOT EXISTS schema_step (step integer PRIMARY KEY, taken_at timestamptz NOT NULL DEFAULT now())',
  );
  const { rows } = await session.query<{ taken: number }>('SELECT count(*)::integer AS taken FROM schema_step');
  const taken = rows[0]?.taken ?? 0;
  if (taken > steps.length) {
    throw new Error(`the ledger has ${taken} schema steps, this application knows ${steps.length}: it is too old`);
  }
  const missing = steps.slice(taken);
  for (const [index, step] of missing.entries()) {
    await session.query(step);
    await session.query('INSERT INTO schema_step (step) VALUES ($1)', [taken + index + 1]);
  }
  return missing.length;
}
