import { EventEmitter, once } from 'node:events';
import { OwnPostgres } from '../postgres/own-postgres.js';
import { LedgerUnavailable } from './ledger-unavailable.js';

/** The database behind the ledger: the one that is configured, else one of the application's own. */
export class LedgerDatabase {
  private own: OwnPostgres | undefined;
  private stopping: Promise<void> | undefined;
  private readonly events = new EventEmitter<{ started: [] }>();

  constructor(
    private readonly options: {
      /** The configured database; undefined for one of the application's own. */
      readonly url: string | undefined;
      /** Where a database of the application's own keeps its data. */
      readonly folder: string;
    },
  ) {}

  /** Whether it is one of the application's own, which can be started and stopped. */
  get isOwn(): boolean {
    return this.options.url === undefined;
  }

  /**
   * Makes sure that there is a database to connect to, and says for people where it is.
   * @param onEnded called each time a server of our own ends without having been told to; it comes back by itself
   * @throws {OwnPostgresFailed}
   */
  async start(signal: AbortSignal, onEnded: (how: string) => void): Promise<string> {
    if (!this.isOwn) return 'the PostgreSQL that is configured';
    await this.stop();
    this.own = await OwnPostgres.start(this.options.folder, { signal });
    this.own.onEnded(onEnded);
    this.stopping = undefined;
    this.events.emit('started');
    return `a PostgreSQL of its own in ${this.own.folder}`;
  }

  /**
   * How to connect to it, as soon as there is something to connect to for the first time.
   * @throws {LedgerUnavailable} while a server of our own is stopped
   */
  async url(signal?: AbortSignal): Promise<string> {
    if (this.options.url !== undefined) return this.options.url;
    if (this.stopping !== undefined) throw new LedgerUnavailable('it was stopped, and has not been started again');
    if (this.own === undefined) await once(this.events, 'started', { ...(signal !== undefined && { signal }) });
    return this.own?.url ?? this.url(signal);
  }

  /** Stops a server of our own, and resolves when it has ended. Harmless twice. One that is not stopped ends with the process. */
  async stop(): Promise<void> {
    const { own } = this;
    this.own = undefined;
    if (own !== undefined) this.stopping = own.stop();
    await this.stopping;
  }
}
