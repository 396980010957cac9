/**
 * The errors that reach the process as `event` while `work` is done and in the turn of the event loop after it. They are kept
 * from the test runner, which would take them for failures. `note` says what is kept of each, at the time.
 */
export async function processErrorsDuring(
  event: 'uncaughtException' | 'unhandledRejection',
  work: () => unknown,
  note: (error: unknown) => unknown = (error) => error,
): Promise<unknown[]> {
  const errors: unknown[] = [];
  const listeners = process.listeners(event as 'uncaughtException');
  process.removeAllListeners(event);
  process.on(event, (error: unknown) => errors.push(note(error)));
  try {
    await work();
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.removeAllListeners(event);
    for (const listener of listeners) process.on(event, listener);
  }
  return errors;
}
