/**
 * The errors that reach the process as `event` while `work` is done and in the turn of the event loop after it. They are kept
 * from the test runner, which would take them for failures.
 */
export async function processErrorsDuring(
  event: 'uncaughtException' | 'unhandledRejection',
  work: () => unknown,
): Promise<unknown[]> {
  const errors: unknown[] = [];
  const listeners = process.listeners(event as 'uncaughtException');
  process.removeAllListeners(event);
  process.on(event, (error: unknown) => errors.push(error));
  try {
    await work();
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.removeAllListeners(event);
    for (const listener of listeners) process.on(event, listener);
  }
  return errors;
}
