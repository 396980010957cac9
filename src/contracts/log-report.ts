import type { Duration } from './duration.js';
import type { LogLevel } from './logger.js';

/** Logging as an operator sees it: `GET /loggers`. */
export interface LoggingReport {
  /** By name. `default` stands for every logger that nothing else is written for. */
  readonly loggers: Readonly<Record<string, LoggerReport>>;
  /** What became of the lines so far. */
  readonly lines: LogLineCounts;
}

/** The level of a logger. */
export interface LoggerReport {
  /** What configuration gives it: by its own name, by one that it is below of, or by default. */
  readonly configured: LogLevel;
  /** What is in force: the same, or what was set at runtime for it or for one that it is below of. */
  readonly effective: LogLevel;
  /** What was set at runtime for this very name. */
  readonly override?: LevelOverride;
}

/** A level that was set while the application runs, until it is taken back. */
export interface LevelOverride {
  readonly level: LogLevel;
  /** Who set it. */
  readonly by: string;
  readonly reason?: string;
  readonly since: Date;
  /** When it ends by itself. */
  readonly until?: Date;
}

/** A wish for another level. */
export interface LevelChange {
  /** `inherit` takes back what was set before: configuration decides again. */
  readonly level: LogLevel | 'inherit';
  readonly by: string;
  readonly reason?: string;
  /** After this long it is taken back by itself. Default: never. */
  readonly for?: Duration;
}

/** How many lines went where. The three add up to the number of lines ever given. */
export interface LogLineCounts {
  readonly written: number;
  /** Held for a reader that does not keep up. */
  readonly waiting: number;
  /** Given up: the reader is gone, the disk is full, or too much was waiting. */
  readonly dropped: number;
}
