/** As much of an `AbortSignal` as it takes to wait for one. */
export interface Abortable {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/**
 * An `AbortController` that is its own signal, for those inside of the platform; a real signal is made when somebody asks
 * for one. Few ever do, and a real one costs a kilobyte and some microseconds.
 */
export class LazyAbort implements Abortable {
  aborted = false;
  private reason: unknown;
  private controller: AbortController | undefined;
  private listeners: Set<() => void> | undefined;

  /** A real signal, to be handed out. */
  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.aborted) this.controller.abort(this.reason);
    }
    return this.controller.signal;
  }

  /** Aborts it. The first reason stays. */
  abort(reason?: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    this.controller?.abort(reason);
    const { listeners } = this;
    this.listeners = undefined;
    if (listeners !== undefined) for (const listener of listeners) listener();
  }

  /** Calls `listener` once, when it aborts; never when it has aborted already. */
  addEventListener(_type: 'abort', listener: () => void): void {
    if (!this.aborted) (this.listeners ??= new Set()).add(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.listeners?.delete(listener);
  }
}
