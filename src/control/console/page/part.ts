import type { Client } from './client.js';
import { asProblem, type Problem } from './problem.js';

/** Something that a route shows, as it was when it was last answered. */
export class Part<T> {
  /** What was answered last. Stays when a later question gets no answer. */
  value: T | undefined;
  /** Why the last question got no answer; undefined when it got one. */
  problem: Problem | undefined;
  #asking: Promise<void> | undefined;

  /** @param read makes of an answer what the page shows */
  constructor(
    readonly path: string,
    private readonly read: (body: unknown) => T,
  ) {}

  /** Asks again. Whoever asks while a question is on its way waits for that one. */
  refresh(client: Client): Promise<void> {
    return (this.#asking ??= this.#ask(client).finally(() => {
      this.#asking = undefined;
    }));
  }

  /** Forgets that there was no such route: the application that answers now may have it. */
  reset(): void {
    this.problem = undefined;
  }

  async #ask(client: Client): Promise<void> {
    try {
      this.value = this.read(await client.read(this.path));
      this.problem = undefined;
    } catch (error) {
      this.problem = asProblem(error);
    }
  }
}
