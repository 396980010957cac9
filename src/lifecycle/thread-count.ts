import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Worker } from 'node:worker_threads';

/** The threads of the process that were begun since, and have not ended. */
export class ThreadCount {
  private readonly threads = new Set<Worker>();
  private readonly onThread = (message: unknown): void => {
    const { worker } = message as { readonly worker: Worker };
    this.threads.add(worker);
    worker.once('exit', () => this.threads.delete(worker));
  };

  constructor() {
    subscribe('worker_threads', this.onThread);
  }

  get size(): number {
    return this.threads.size;
  }

  /** A thread that keeps nobody alive. */
  leaveOut(thread: Worker): void {
    this.threads.delete(thread);
  }

  close(): void {
    unsubscribe('worker_threads', this.onThread);
  }
}
