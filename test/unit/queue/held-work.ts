/** Work of which a test decides when and how it ends. Items are their own names. */
export class HeldWork {
  /** The items whose work has begun, in order. */
  readonly begun: string[] = [];
  readonly #open = new Map<string, Held>();

  readonly work = (item: string, { signal }: { readonly signal: AbortSignal }): Promise<string> => {
    this.begun.push(item);
    return new Promise((resolve, reject) => this.#open.set(item, { resolve, reject, signal }));
  };

  signalOf(item: string): AbortSignal {
    return this.#held(item).signal;
  }

  async finish(item: string, result = `${item} done`): Promise<void> {
    this.#held(item).resolve(result);
    await aTurn();
  }

  async fail(item: string, error: unknown): Promise<void> {
    this.#held(item).reject(error);
    await aTurn();
  }

  #held(item: string): Held {
    const held = this.#open.get(item);
    if (held === undefined) throw new Error(`the work of ${item} has not begun`);
    return held;
  }
}

interface Held {
  readonly resolve: (result: string) => void;
  readonly reject: (error: unknown) => void;
  readonly signal: AbortSignal;
}

/** Lets everything that is under way get as far as it can. */
export function aTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
