/** An error as it is kept and shown: no stack, causes outermost first. */
export interface ErrorSummary {
  readonly name: string;
  readonly message: string;
  /** A stable code, where the error has one. */
  readonly code?: string;
  /** What to do about it, where the error knows. */
  readonly hint?: string;
  /** The messages of the causes, nearest first. */
  readonly causes?: readonly string[];
}
