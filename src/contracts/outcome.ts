/** How a run ended, as a value. Make one with `worked()`, `idle()`, `partial()`, `blocked()`, `failed()` or `fatal()`. */
export type Outcome =
  | { readonly kind: 'worked'; readonly items?: number; readonly more?: boolean }
  | { readonly kind: 'idle' }
  | { readonly kind: 'partial'; readonly done: number; readonly rejected: number; readonly reason: string }
  | { readonly kind: 'blocked'; readonly reason: string; readonly retryInMs?: number }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'fatal'; readonly error: unknown };

/**
 * The words for how a run ended.
 * - `worked` did something; `idle` found nothing to do: both are successes
 * - `partial` did some and rejected some
 * - `blocked`: a dependency said no; `failed`: it went wrong; both are tried again
 * - `fatal`: trying again is pointless
 */
export type OutcomeKind = Outcome['kind'];
