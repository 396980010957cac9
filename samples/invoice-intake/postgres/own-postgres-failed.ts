/** The application's own PostgreSQL cannot run. */
export class OwnPostgresFailed extends Error {
  override readonly name = 'OwnPostgresFailed';
  /** What to do about it. */
  readonly hint: string | undefined;

  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(
      options.hint === undefined ? message : `${message}; ${options.hint}`,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.hint = options.hint;
  }
}
