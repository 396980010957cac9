const CHUNK_LENGTH = 512;

interface Chunk<T> {
  /** Places already taken out hold undefined, so that nothing is kept alive. */
  readonly items: (T | undefined)[];
  next: Chunk<T> | undefined;
}

/**
 * First in, first out, in a chain of arrays of fixed length: 8 bytes per item, nothing is ever moved or copied, and no
 * step is slower than the others, however long the queue gets.
 */
export class ChunkedQueue<T> {
  #head: Chunk<T> = { items: [], next: undefined };
  #tail = this.#head;
  #headIndex = 0;
  #tailIndex = 0;
  /** The chunk that was emptied last, so that a queue that moves along in step does not allocate. */
  #spare: Chunk<T> | undefined;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(item: T): void {
    if (this.#tailIndex === CHUNK_LENGTH) {
      const chunk: Chunk<T> = this.#spare ?? { items: [], next: undefined };
      this.#spare = undefined;
      this.#tail.next = chunk;
      this.#tail = chunk;
      this.#tailIndex = 0;
    }
    this.#tail.items[this.#tailIndex++] = item;
    this.#length++;
  }

  /** Takes the oldest item out. Undefined when there is none: look at {@link length} where undefined is an item. */
  shift(): T | undefined {
    if (this.#length === 0) return undefined;
    const item = this.#head.items[this.#headIndex];
    this.#head.items[this.#headIndex++] = undefined;
    this.#length--;
    if (this.#length === 0) {
      this.#headIndex = 0;
      this.#tailIndex = 0;
    } else if (this.#headIndex === CHUNK_LENGTH) {
      this.#dropHead();
    }
    return item;
  }

  /** Removes the items for which `isUnwanted` answers true; the others keep their order. Looks at each item once. */
  removeWhere(isUnwanted: (item: T) => boolean): void {
    for (let left = this.#length; left > 0; left--) {
      const item = this.shift() as T;
      if (!isUnwanted(item)) this.push(item);
    }
  }

  #dropHead(): void {
    const emptied = this.#head;
    // Not empty, so there is a chunk behind.
    this.#head = emptied.next as Chunk<T>;
    this.#headIndex = 0;
    emptied.next = undefined;
    this.#spare = emptied;
  }
}
