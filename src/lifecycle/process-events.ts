/** What the process tells the application. */
export interface ProcessListeners {
  /** SIGTERM or SIGINT for the first, the second, the third time. */
  readonly onStopSignal: (signal: NodeJS.Signals, count: 1 | 2 | 3) => void;
  /** SIGHUP: reload. */
  readonly onHangUp: () => void;
  /** SIGUSR1: without a listener, Node.js opens a debugger port, and whoever may connect to it may do anything. */
  readonly onDebugSignal: () => void;
  /** `uncaughtException` or `unhandledRejection`, for the first, the second time. */
  readonly onFatalError: (error: unknown, origin: string, count: 1 | 2) => void;
}

/**
 * Listens to the process. Only `runApplication()` does: an application that is embedded leaves the process alone.
 * @returns ends the listening
 */
export function listenToProcess(listeners: ProcessListeners): () => void {
  let signals = 0;
  let errors = 0;
  const onStop = (signal: NodeJS.Signals): void => {
    signals++;
    listeners.onStopSignal(signal, signals >= 3 ? 3 : signals === 2 ? 2 : 1);
  };
  /** Rejections that have been raised as exceptions: with `--unhandled-rejections=strict` Node.js tells of both. */
  const raised = new Set<unknown>();
  const onException = (error: unknown, origin: string): void => {
    if (origin === 'unhandledRejection') raised.add(error);
    fatal(error, origin);
  };
  const fatal = (error: unknown, origin: string): void => {
    errors++;
    listeners.onFatalError(error, origin, errors >= 2 ? 2 : 1);
  };
  const onRejection = (reason: unknown): void => {
    if (!raised.delete(reason)) fatal(reason, 'unhandledRejection');
  };
  process.on('SIGTERM', onStop);
  process.on('SIGINT', onStop);
  process.on('SIGHUP', listeners.onHangUp);
  process.on('SIGUSR1', listeners.onDebugSignal);
  process.on('uncaughtException', onException);
  process.on('unhandledRejection', onRejection);
  return () => {
    process.off('SIGTERM', onStop);
    process.off('SIGINT', onStop);
    process.off('SIGHUP', listeners.onHangUp);
    process.off('SIGUSR1', listeners.onDebugSignal);
    process.off('uncaughtException', onException);
    process.off('unhandledRejection', onRejection);
  };
}
