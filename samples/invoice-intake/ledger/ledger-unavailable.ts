/** The ledger's database cannot be used right now. Nothing was lost, and trying again later makes sense. */
export class LedgerUnavailable extends Error {
  override readonly name = 'LedgerUnavailable';

  constructor(cause: unknown) {
    super(`the ledger's database is not available: ${describe(cause)}`, { cause });
  }
}

/**
 * Classes and codes of SQLSTATE (PostgreSQL documentation, appendix A) that say "not now": connection lost, out of resources,
 * shut down or cancelled by a timeout, in conflict with another transaction, or a server that only reads.
 */
const unavailableStates = /^(08|53|57|40|58|55P03|25006)/;

const unavailableSystemErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT', // the Unix socket of a server that is not there
]);

/** Where pg itself gives up it says so in words only. */
const unavailableMessages =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|not queryable|Client was closed/;

/** Whether an error of `pg` says that the database cannot be used right now, and not that something is wrong with a statement. */
export function saysUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return unavailableSystemErrors.has(code) || unavailableStates.test(code);
  return unavailableMessages.test(error.message);
}

/** A connection that fails on every address of a name is an AggregateError without a message of its own. */
function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause.message !== '') return cause.message;
  return cause instanceof AggregateError ? cause.errors.map(describe).join('; ') : cause.name;
}
