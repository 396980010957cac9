import { AsyncLocalStorage } from 'node:async_hooks';
import type { SpanContext } from '@opentelemetry/api';
import type { KeptSpan } from './kept-span.js';

/** What is active where PLBA traces by itself, without an SDK. */
export interface OwnContext {
  readonly span?: KeptSpan | undefined;
  /** The span of another process that asked for what is done here. */
  readonly remote?: SpanContext | undefined;
}

/** Runs without a single span in the process, after which the watch ends: to keep them costs and shows nothing new. */
const idleRuns = 64;

const storage = new AsyncLocalStorage<OwnContext>();
let runsLeft = 0;

/**
 * Somebody makes spans, or has said that he will: from here on the context of runs is watched, for a while at least. On
 * Node.js 20 the first run that is watched makes every later `await` in the process dearer for good, so nobody calls this
 * without need.
 */
export function watch(): void {
  runsLeft = idleRuns;
}

/** Whether the context of runs is watched now. */
export function isWatching(): boolean {
  return runsLeft > 0;
}

/** A run begins. When many have and none has made a span, the watch ends, until somebody makes one. */
export function noteRun(): void {
  if (--runsLeft === 0) storage.disable();
}

/** What is active here and now. */
export function ownContext(): OwnContext | undefined {
  return runsLeft > 0 ? storage.getStore() : undefined;
}

/** Does work with `context` active, across `await`. */
export function withOwnContext<T>(context: OwnContext | undefined, work: () => T): T {
  return storage.run(context as OwnContext, work);
}
