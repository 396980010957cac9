/** Levels from most to least talkative; `silent` writes nothing. As in pino. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** One way to write a line: a message, or fields and a message. An `err` field is written with stack and causes. */
export interface LogMethod {
  (message: string): void;
  (fields: object, message?: string): void;
}

/** What application code logs with. A pino logger is one; so is the recording logger of the test kit. */
export interface Logger {
  trace: LogMethod;
  debug: LogMethod;
  info: LogMethod;
  warn: LogMethod;
  error: LogMethod;
  fatal: LogMethod;
  /** Whether a line of this level would be written: spares building a line that nobody reads. */
  isLevelEnabled(level: LogLevel): boolean;
  /** A logger that adds `fields` to each of its lines. */
  child(fields: object): Logger;
}

/** Makes the named loggers of an application; the level of each comes from `plba.logging.levels`. */
export interface LoggerFactory {
  /** The logger called `name`; lines carry it as `name`. The same name gives the same logger. */
  logger(name: string): Logger;
  /**
   * A destination for the pino of a library: `pino(loggers.stream('library'))`. Its lines become lines of the logger called `name`,
   * scrubbed and guarded like all others, and its level applies to them too.
   */
  stream(name: string): { write(line: string): void };
}
