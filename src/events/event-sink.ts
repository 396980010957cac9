import type { ApplicationEventBody } from '../contracts/events.js';

/** Where a part of the runtime says what has happened. */
export interface EventSink {
  /** Whether anybody listens. Asked before an event is made on a path that is taken often. */
  readonly isHeard: boolean;
  /** Tells everybody who listens. Never throws; free of charge when nobody does. */
  publish(body: ApplicationEventBody): void;
}

/** Nobody listens, ever. */
export const unheard: EventSink = { isHeard: false, publish: () => undefined };
