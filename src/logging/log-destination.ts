/** Where finished log lines go. Each call is one line, ending in a line feed. Must not throw. */
export interface LogDestination {
  write(line: string): void;
  /** Resolves when everything written so far has left the process, or cannot. */
  flush?(): Promise<void> | void;
  /** How many lines have been lost so far. */
  droppedLines?(): number;
}
