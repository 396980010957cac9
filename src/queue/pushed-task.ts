import { Task } from './task.js';

/** A task whose result nobody waits for, at most for its being accepted. */
export class PushedTask extends Task {
  #acceptance: { readonly resolve: () => void; readonly reject: (error: unknown) => void } | undefined = undefined;

  /** Resolves once it is accepted, rejects when it ends before. */
  whenAccepted(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#acceptance = { resolve, reject };
    });
  }

  override accept(): void {
    super.accept();
    this.#acceptance?.resolve();
    this.#acceptance = undefined;
  }

  succeed(): void {
    this.state = 'settled';
  }

  fail(error: unknown): boolean {
    this.state = 'settled';
    this.#acceptance?.reject(error);
    return this.#acceptance !== undefined;
  }
}
