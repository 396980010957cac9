/**
 * Where finished log lines go. Each call is one line, ending in a line feed. An object with these two methods, a destination of
 * pino's (`pino.destination()`) or a transport (`pino.transport()`).
 */
export interface LogDestination {
  /** A call that throws loses its line, and is counted. */
  write(line: string): unknown;
  /**
   * Everything written so far is to leave the process. Says when by resolving, or by calling `done` where it takes it, as pino's
   * destinations do.
   */
  flush?(done?: (error?: Error | null) => void): unknown;
}
