/** What the process tells the application. */
export interface ProcessListeners {
  /** SIGTERM or SIGINT for the first, the second, the third time. */
  readonly onStopSignal: (signal: NodeJS.Signals, count: 1 | 2 | 3) => void;
  /** SIGHUP: reload. */
  readonly onHangUp: () => void;
  /** `uncaughtException` or `unhandledRejection`. */
  readonly onFatalError: (error: unknown, origin: string) => void;
}

/**
 * Listens to the process. Only `runApplication()` does: an application that is embedded leaves the process alone.
 * @returns ends the listening
 */
export function listenToProcess(listeners: ProcessListeners): () => void {
  let count = 0;
  const onStop = (signal: NodeJS.Signals): void => {
    count++;
    listeners.onStopSignal(signal, count >= 3 ? 3 : count === 2 ? 2 : 1);
  };
  const onException = (error: unknown, origin: string): void => {
    listeners.onFatalError(error, origin);
  };
  const onRejection = (reason: unknown): void => {
    listeners.onFatalError(reason, 'unhandledRejection');
  };
  process.on('SIGTERM', onStop);
  process.on('SIGINT', onStop);
  process.on('SIGHUP', listeners.onHangUp);
  process.on('uncaughtException', onException);
  process.on('unhandledRejection', onRejection);
  return () => {
    process.off('SIGTERM', onStop);
    process.off('SIGINT', onStop);
    process.off('SIGHUP', listeners.onHangUp);
    process.off('uncaughtException', onException);
    process.off('unhandledRejection', onRejection);
  };
}
