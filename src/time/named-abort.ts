/** Whose listeners hear of an abort, as long as they do. */
let hearing: string | undefined;

/**
 * Aborts, and says of whom the listeners are. What a listener throws comes back to nobody: Node.js raises it as an uncaught
 * exception, in a tick of its own that it asks for at once. So the ticks before and after those name who is at fault, at no cost
 * to anybody who is never aborted. A listener may abort something else: what its own abort has named is named again after that.
 */
export function abortOf(whom: string, controller: AbortController, reason?: unknown): void {
  let before: string | undefined;
  process.nextTick(() => {
    before = hearing;
    hearing = whom;
  });
  controller.abort(reason);
  process.nextTick(() => {
    hearing = before;
  });
}

/** For whoever hears of an uncaught exception: of whom the listener is that has thrown it, if a listener to an abort has. */
export function listenerAtFault(): string | undefined {
  return hearing;
}
