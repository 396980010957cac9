import { type ErrorCode, PlbaError } from '../errors.js';

/** What a {@link Refusal} says besides code, message and hint. */
export interface RefusalOptions {
  readonly hint?: string;
  readonly cause?: unknown;
  /** Status, where it is another than the code's own. */
  readonly status?: number;
  /** Headers of the answer, such as `Allow`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the problem, such as the state that is in the way. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** A request that is answered with a problem: an error that also knows what HTTP wants to hear. */
export class Refusal extends PlbaError {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: RefusalOptions = {}) {
    super(code, message, options);
    this.status = options.status;
    this.headers = options.headers ?? {};
    this.facts = options.facts ?? {};
  }
}
