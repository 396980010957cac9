/** An effective value and where it came from, as an operator may see it. */
export interface ConfigEntry {
  /** `invoices.batchSize`. */
  readonly path: string;
  /** The value; a fixed mask for a secret, and for what no schema describes. */
  readonly value: unknown;
  /** Where it came from: `config/application.yaml:3`, `environment variable …`, `default`. */
  readonly source: string;
  /** Whether nothing was configured. */
  readonly isDefault: boolean;
}

/** The configuration as an operator sees it: `GET /config`. */
export interface ConfigReport {
  /** Since when these values are in force. */
  readonly since: Date;
  readonly values: readonly ConfigEntry[];
  /** What a reload was refused for since then. */
  readonly refused?: { readonly at: Date; readonly by: string; readonly reason: string };
}

/**
 * What becomes of a changed value.
 * - `live`: it is in force everywhere
 * - `partly`: it is in force for those who follow the section (`ConfigRef`, `onChange`); others were given a copy when they were made
 * - `restart`: it counts from the next start of the application
 */
export type ConfigEffect = 'live' | 'partly' | 'restart';

/** A value that a reload has changed. */
export interface ConfigChange {
  readonly path: string;
  /** Masked as in {@link ConfigEntry}; absent where there was none. */
  readonly before?: unknown;
  readonly after?: unknown;
  readonly source: string;
  readonly effect: ConfigEffect;
}

/** What a reload has changed. Empty when nothing is different. */
export interface ReloadReport {
  readonly changes: readonly ConfigChange[];
  /** The paths that count from the next start of the application only, at least for some. */
  readonly needsRestart: readonly string[];
}
