import type { Connection } from './connection.js';

/** What surrounds a command line. */
export interface CommandSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Width of the terminal; undefined where there is none. */
  readonly columns?: number | undefined;
  /** Its height, likewise. */
  readonly rows?: number | undefined;
  write(text: string): void;
  writeError(text: string): void;
  /** Aborts when the person at the terminal has seen enough. */
  readonly end: AbortSignal;
}

/** What a command is given. */
export interface CommandContext extends CommandSurroundings {
  /** For scripts: JSON instead of tables. */
  readonly isJson: boolean;
  /** @throws CommandFailure when no application is found */
  connect(): Promise<Connection>;
  /** The exit code, where the command has done what it should. Default: 0. */
  exitWith(code: number): void;
}
