import { PlbaError } from '../errors.js';

/** A value of JSON. Objects have no prototype. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** An object of JSON, without a prototype. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/**
 * Reads a JSON text as RFC 8259 defines it, and nothing that different readers understand differently: refuses a key that
 * comes twice, the key `__proto__`, numbers that are too large, half of a surrogate pair, and more than `maxDepth` levels.
 *
 * For small texts: `JSON.parse` is faster, and keeps the last of two equal keys without a word.
 *
 * @throws PlbaError `CONTROL_BODY_INVALID`, naming the character at which it stopped
 */
export function readJson(text: string, maxDepth: number): JsonValue {
  return new JsonReader(text, maxDepth).read();
}

const space = /[ \t\n\r]*/y;
// eslint-disable-next-line no-control-regex -- control characters are what must not stand in a string
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const word = /true|false|null/y;
const loneSurrogate = /\p{Surrogate}/u;

class JsonReader {
  #at = 0;

  constructor(
    private readonly text: string,
    private readonly maxDepth: number,
  ) {}

  read(): JsonValue {
    const value = this.#value(0);
    if (this.#next() !== undefined) throw this.#invalid('more than one value');
    return value;
  }

  #value(depth: number): JsonValue {
    switch (this.#next()) {
      case undefined:
        throw this.#invalid('the text ends too early');
      case '{':
        return this.#object(depth + 1);
      case '[':
        return this.#array(depth + 1);
      case '"':
        return this.#string();
      case 't':
      case 'f':
      case 'n':
        return JSON.parse(this.#take(word, 'no value of JSON')) as null | boolean;
      default:
        return this.#number();
    }
  }

  #object(depth: number): JsonObject {
    const object = Object.create(null) as Record<string, JsonValue>;
    for (let isFirst = true; this.#more('}', isFirst, depth); isFirst = false) {
      if (this.#next() !== '"') throw this.#invalid('a key in double quotes is missing');
      const key = this.#string();
      if (key === '__proto__') throw this.#invalid('the key "__proto__" is not allowed');
      if (Object.hasOwn(object, key)) throw this.#invalid('a key comes twice');
      if (this.#next() !== ':') throw this.#invalid('a colon is missing');
      this.#at++;
      object[key] = this.#value(depth);
    }
    return object;
  }

  #array(depth: number): JsonValue[] {
    const array: JsonValue[] = [];
    for (let isFirst = true; this.#more(']', isFirst, depth); isFirst = false) array.push(this.#value(depth));
    return array;
  }

  /** Steps over what stands before the next entry; false at the end of the object or array. */
  #more(end: '}' | ']', isFirst: boolean, depth: number): boolean {
    if (depth > this.maxDepth) throw this.#invalid(`nested deeper than ${this.maxDepth} levels`);
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

  #invalid(what: string): PlbaError {
    return new PlbaError('CONTROL_BODY_INVALID', `the body is not the JSON it should be: ${what}, at ${this.#at}`);
  }
}
