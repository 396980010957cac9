import type { Abortable } from '../time/lazy-abort.js';

/** Those who wait for something that has a name, such as a worker that they need. */
export class WaitingList {
  private readonly waiting = new Map<string, Set<() => void>>();

  /** Resolves when `name` is {@link wake}d, or when `signal` aborts. */
  wait(name: string, signal: Abortable): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', wake);
        this.leave(name, wake);
        resolve();
      };
      signal.addEventListener('abort', wake);
      this.enter(name, wake);
    });
  }

  /** Lets those go on who wait for `name`. */
  wake(name: string): void {
    const waiting = this.waiting.get(name);
    if (waiting !== undefined) for (const wake of [...waiting]) wake();
  }

  /** Lets everybody go on. */
  wakeAll(): void {
    for (const name of [...this.waiting.keys()]) this.wake(name);
  }

  private enter(name: string, wake: () => void): void {
    const known = this.waiting.get(name);
    if (known === undefined) this.waiting.set(name, new Set([wake]));
    else known.add(wake);
  }

  private leave(name: string, wake: () => void): void {
    const known = this.waiting.get(name);
    known?.delete(wake);
    if (known?.size === 0) this.waiting.delete(name);
  }
}
