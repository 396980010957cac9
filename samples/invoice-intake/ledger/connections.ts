import { Pool, type PoolClient } from 'pg';
import { LedgerUnavailable, saysUnavailable } from './ledger-unavailable.js';

/** How long the database may take, and how many connections it is asked for. */
export interface ConnectionLimits {
  readonly maxConnections: number;
  readonly connectTimeoutMs: number;
  /** Of one statement, on the server; the client gives up a second later, in case the answer never comes. */
  readonly statementTimeoutMs: number;
}

/** Fit for one application that posts one invoice at a time. */
export const defaultConnectionLimits: ConnectionLimits = {
  maxConnections: 4,
  connectTimeoutMs: 3000,
  statementTimeoutMs: 10_000,
};

/** Statements on one connection. */
export type Session = Pick<PoolClient, 'query'>;

/** Connections to a PostgreSQL database that may come and go. */
export class Connections {
  private current: { readonly url: string; readonly pool: Pool } | undefined;

  /**
   * Connects when first used.
   * @param databaseUrl asked before each use, because a database of one's own is not there from the start and may come back under
   *   another address
   */
  constructor(
    private readonly databaseUrl: (signal?: AbortSignal) => string | Promise<string>,
    private readonly limits: ConnectionLimits = defaultConnectionLimits,
  ) {}

  /**
   * Does `work` on a connection of its own.
   * @throws {LedgerUnavailable} when the database cannot be used right now
   * @throws the signal's reason, once it aborts: the connection is cut, and the server rolls back what was open
   */
  async use<T>(work: (session: Session) => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const client = await this.connect(signal);
    // The pool stops listening while a connection is out, and between two statements it can still break.
    client.on('error', ignoreLostConnection);
    let released = false;
    const release = (discard: boolean): void => {
      if (!released) client.release(discard);
      released = true;
    };
    const cut = (): void => {
      release(true);
    };
    signal?.addEventListener('abort', cut, { once: true });
    try {
      signal?.throwIfAborted();
      return await work(client);
    } catch (error) {
      signal?.throwIfAborted();
      if (!saysUnavailable(error)) throw error;
      // A statement that was given up may still be going on: nobody else gets this connection.
      release(true);
      throw new LedgerUnavailable(error);
    } finally {
      signal?.removeEventListener('abort', cut);
      release(false);
      client.off('error', ignoreLostConnection);
    }
  }

  /** Like {@link use}, in one transaction: everything `work` did is kept when it resolves, and nothing when it throws. */
  async transaction<T>(work: (session: Session) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.use(async (session) => {
      await session.query('BEGIN');
      try {
        const answer = await work(session);
        await session.query('COMMIT');
        return answer;
      } catch (error) {
        // Where the connection is lost, so is the transaction: the server rolls back by itself.
        if (!saysUnavailable(error)) await session.query('ROLLBACK');
        throw error;
      }
    }, signal);
  }

  /** Closes all connections, once they are no longer used. */
  async close(): Promise<void> {
    const { current } = this;
    this.current = undefined;
    await current?.pool.end();
  }

  private async connect(signal?: AbortSignal): Promise<PoolClient> {
    try {
      return await this.poolFor(await this.databaseUrl(signal)).connect();
    } catch (error) {
      signal?.throwIfAborted();
      throw saysUnavailable(error) ? new LedgerUnavailable(error) : error;
    }
  }

  private poolFor(url: string): Pool {
    if (this.current?.url !== url) {
      void this.current?.pool.end();
      this.current = { url, pool: createPool(url, this.limits) };
    }
    return this.current.pool;
  }
}

function createPool(url: string, limits: ConnectionLimits): Pool {
  const pool = new Pool({
    connectionString: url,
    application_name: 'invoice-intake',
    max: limits.maxConnections,
    connectionTimeoutMillis: limits.connectTimeoutMs,
    statement_timeout: limits.statementTimeoutMs,
    query_timeout: limits.statementTimeoutMs + 1000,
    idle_in_transaction_session_timeout: limits.statementTimeoutMs,
    keepAlive: true,
    // A connection that nobody uses keeps no process alive.
    allowExitOnIdle: true,
  });
  // A connection that breaks while nobody uses it is replaced by the pool. Unheard, the event would end the process.
  pool.on('error', ignoreLostConnection);
  return pool;
}

/** For a connection that breaks between two statements: the next statement on it says so, and there it is handled. */
function ignoreLostConnection(): void {
  return;
}
