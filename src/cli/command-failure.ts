/** What the exit code of a command says. Those of `plba health` say how it is. */
export const exitCodes = {
  /** Done, or `ok`. */
  ok: 0,
  /** `plba health`: `degraded`. */
  degraded: 1,
  /** `plba health`: `unhealthy`. */
  unhealthy: 2,
  /** The application has refused it, or it has failed there. */
  refused: 3,
  /** No application was found, or it does not answer. */
  unreachable: 4,
  /** The command line cannot be understood. */
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
