import type { ServiceIdentifier } from 'inversify';
import type { ApplicationLifetime } from '../contracts/application.js';
import type { Clock } from '../contracts/clock.js';
import type { ApplicationEvents } from '../contracts/events.js';
import type { OperatorView } from '../contracts/reports.js';
import type { StopReport } from '../contracts/stop-report.js';
import type { LogDestination } from '../logging/log-destination.js';

/** How an application is embedded. All of it is optional. */
export interface ApplicationOptions {
  /** Where `config/` and `.env` are looked for. Default: the current folder. */
  readonly directory?: string;
  /** Environment variables that configuration is read from. Default: those of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Values as on the command line: `['invoices.batchSize=50']`. */
  readonly set?: readonly string[];
  /** Configuration that wins over every other source, as an object of sections. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Where time comes from. Default: the machine's clock. */
  readonly clock?: Clock;
  /** Where log lines go. Default: standard output. */
  readonly logDestination?: LogDestination;
}

/** A business application on PLBA. Touches no process state: no signal, no exit code. */
export interface Application {
  /** Name of the root module. */
  readonly name: string;
  /** Where it is in its life. */
  readonly lifetime: ApplicationLifetime;
  /**
   * Checks everything, then starts everything. Resolves when all workers are ready. Rejects with the first cause, after
   * whatever had been started is stopped again.
   */
  start(): Promise<void>;
  /** Takes the stop ladder; called again it answers the same report. Never rejects. */
  stop(reason?: string): Promise<StopReport>;
  /** Breaks off draining: whatever is still up is aborted now. */
  hurry(): void;
  /** What happens in it, to listen to: also before it is started. */
  readonly events: ApplicationEvents;
  /** Resolves when the application has stopped, for whatever reason. */
  readonly ended: Promise<StopReport>;
  /** Something from the container. Before the application is prepared, and for what is not bound, an error. */
  get<T>(identifier: ServiceIdentifier<T>): T;
  /** What an operator sees and steers: the same as the control plane shows. */
  readonly operator: OperatorView;
  /** Where the control plane listens; undefined while it does not. */
  readonly controlAddress: { readonly host: string; readonly port: number } | undefined;
}
