const space = /[ \t\n\r]*/y;
// eslint-disable-next-line no-control-regex -- control characters are what must not stand in a string
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const word = /true|false|null/y;
const loneSurrogate = /\p{Surrogate}/u;

/** What {@link readJsonText} makes of what it reads. `at` is the offset at which a value begins. */
export interface JsonBuilder<T> {
  value(value: null | boolean | number | string, at: number): T;
  list(items: readonly T[], at: number): T;
  /** Each key stands once. */
  object(entries: ReadonlyMap<string, T>, at: number): T;
  /** The error for what is wrong at `at`. */
  invalid(what: string, at: number): Error;
  /** Levels of nesting that are too many. */
  readonly maxDepth: number;
  /** Keys that are refused. */
  readonly refusedKeys?: ReadonlySet<string>;
}

/**
 * Reads a JSON text as RFC 8259 defines it, and nothing that different readers understand differently: refuses a key that
 * comes twice, numbers that are too large, and half of a surrogate pair.
 *
 * For small texts: `JSON.parse` is faster, keeps the last of two equal keys without a word, and does not say where things are.
 */
export function readJsonText<T>(text: string, builder: JsonBuilder<T>): T {
  return new JsonReader(text, builder).read();
}

class JsonReader<T> {
  #at = 0;

  constructor(
    private readonly text: string,
    private readonly builder: JsonBuilder<T>,
  ) {}

  read(): T {
    const value = this.#value(0);
    if (this.#next() !== undefined) throw this.#invalid('more than one value');
    return value;
  }

  #value(depth: number): T {
    const next = this.#next();
    const at = this.#at;
    switch (next) {
      case undefined:
        throw this.#invalid('the text ends too early');
      case '{':
        return this.builder.object(this.#object(depth + 1), at);
      case '[':
        return this.builder.list(this.#array(depth + 1), at);
      case '"':
        return this.builder.value(this.#string(), at);
      case 't':
      case 'f':
      case 'n':
        return this.builder.value(JSON.parse(this.#take(word, 'no value of JSON')) as null | boolean, at);
      default:
        return this.builder.value(this.#number(), at);
    }
  }

  #object(depth: number): Map<string, T> {
    const object = new Map<string, T>();
    for (let isFirst = true; this.#more('}', isFirst, depth); isFirst = false) {
      if (this.#next() !== '"') throw this.#invalid('a key in double quotes is missing');
      const key = this.#string();
      if (this.builder.refusedKeys?.has(key) === true) throw this.#invalid(`the key "${key}" is not allowed`);
      if (object.has(key)) throw this.#invalid('a key comes twice');
      if (this.#next() !== ':') throw this.#invalid('a colon is missing');
      this.#at++;
      object.set(key, this.#value(depth));
    }
    return object;
  }

  #array(depth: number): T[] {
    const array: T[] = [];
    for (let isFirst = true; this.#more(']', isFirst, depth); isFirst = false) array.push(this.#value(depth));
    return array;
  }

  /** Steps over what stands before the next entry; false at the end of the object or array. */
  #more(end: '}' | ']', isFirst: boolean, depth: number): boolean {
    const { maxDepth } = this.builder;
    if (depth > maxDepth) throw this.#invalid(`nested deeper than ${maxDepth} levels`);
    if (isFirst) this.#at++;
    const character = this.#next();
    if (character === end) {
      this.#at++;
      return false;
    }
    if (isFirst) return true;
    if (character !== ',') throw this.#invalid(`a comma or "${end}" is missing`);
    this.#at++;
    if (this.#next() === end) throw this.#invalid('a comma too many');
    return true;
  }

  #string(): string {
    const value = JSON.parse(this.#take(string, 'no string of JSON')) as string;
    if (loneSurrogate.test(value)) throw this.#invalid('half of a surrogate pair');
    return value;
  }

  #number(): number {
    const value = Number(this.#take(number, 'no value of JSON'));
    if (!Number.isFinite(value)) throw this.#invalid('a number is too large');
    return value;
  }

  /** The next character that is no white space, without stepping over it. */
  #next(): string | undefined {
    space.lastIndex = this.#at;
    this.#at += space.exec(this.text)?.[0].length ?? 0;
    return this.text[this.#at];
  }

  #take(pattern: RegExp, otherwise: string): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) throw this.#invalid(otherwise);
    this.#at += found.length;
    return found;
  }

  #invalid(what: string): Error {
    return this.builder.invalid(what, this.#at);
  }
}
