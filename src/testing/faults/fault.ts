import type { Duration } from '../../contracts/duration.js';

/** Where in its life a worker meets a fault. */
export type FaultPoint = 'start' | 'run' | 'stop';

/** How long a fault lasts. Default: until it is healed. */
export interface FaultOptions {
  /** It heals by itself after so long. */
  readonly for?: Duration;
}

/** How and how often a worker fails. */
export interface FailOptions extends FaultOptions {
  /**
   * - `run` (default): each run throws the error, in the place of its work
   * - `start`, `stop`: the method throws it
   * - `life`: the worker ends by itself, at once, as with `context.fail(error)`
   */
  readonly at?: FaultPoint | 'life';
  /** It heals by itself after having struck so many times. */
  readonly times?: number;
}

/** Something that goes wrong by order of a test. */
export interface Fault {
  /** Ends it: what hangs goes on, what fails works again. Harmless twice. */
  heal(): void;
  /** For `using`. */
  [Symbol.dispose](): void;
}
