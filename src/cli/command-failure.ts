/** What the exit code of a command says. Those of `plba health` say how it is; those of `plba check` are those that the application itself would end with. */
export const exitCodes = {
  /** Done, or `ok`. */
  ok: 0,
  /** `plba health`: `degraded`. */
  degraded: 1,
  /** `plba health`: `unhealthy`. */
  unhealthy: 2,
  /** The application would not start: its wiring is broken, or its main file cannot be loaded. */
  failed: 1,
  /** The application would not start: its configuration is invalid. */
  configuration: 2,
  /** The application has refused it, or it has failed there. */
  refused: 3,
  /** No application was found, or it does not answer. */
  unreachable: 4,
  /** The command line cannot be understood, or names a file that is none of an application. */
  usage: 64,
} as const;

/** A command that did not do what it was asked for: what is said about it, and with which exit code. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';

  constructor(
    readonly exitCode: number,
    message: string,
    /** What to do about it. */
    readonly hint?: string,
  ) {
    super(message);
  }
}
