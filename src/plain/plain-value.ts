import { errorFields } from './error-fields.js';

/** How much of a value {@link plainValue} takes over. */
export interface PlainLimits {
  /** Levels of nesting. Default 6. */
  readonly depth?: number;
  /** Entries of one object or array. Default 100. */
  readonly breadth?: number;
  /** Values in all. Default 1000. */
  readonly values?: number;
  /** Characters of one string. Default 8192. */
  readonly characters?: number;
}

const unreadable = '[unreadable]';

/**
 * A copy of any value that consists of plain JSON data only, never throws and has a bounded size.
 *
 * Made for what comes from application code and must harm nobody: cycles, getters and `toJSON` that throw, proxies,
 * BigInt, endless depth and width. What cannot be taken over stands there as a word in brackets. Functions, symbols and
 * `undefined` are left out, as in JSON; errors become {@link errorFields}.
 */
export function plainValue(value: unknown, limits: PlainLimits = {}): unknown {
  const copier = new Copier(limits.breadth ?? 100, limits.values ?? 1000, limits.characters ?? 8192);
  return copier.copy(value, limits.depth ?? 6);
}

/** {@link plainValue} of an object's entries. What is no object gives an empty one. */
export function plainFields(value: unknown, limits: PlainLimits = {}): Record<string, unknown> {
  const copy = plainValue(value, limits);
  return typeof copy === 'object' && copy !== null && !Array.isArray(copy) ? (copy as Record<string, unknown>) : {};
}

/** The first `characters` of a text, saying how many were left out. */
export function clip(text: string, characters: number): string {
  if (text.length <= characters) return text;
  return `${text.slice(0, characters)}… (${text.length - characters} more characters)`;
}

class Copier {
  // The objects on the way from the root: only these can close a cycle. The same object side by side is no cycle.
  private readonly path: object[] = [];

  constructor(
    private readonly breadth: number,
    private values: number,
    private readonly characters: number,
  ) {}

  copy(value: unknown, depth: number): unknown {
    switch (typeof value) {
      case 'string':
        return clip(value, this.characters);
      case 'number':
        return Number.isFinite(value) ? value : String(value);
      case 'boolean':
        return value;
      case 'bigint':
        return clip(String(value), this.characters);
      case 'object':
        return value === null ? null : this.guarded(value, depth);
      default:
        return undefined;
    }
  }

  private guarded(value: object, depth: number): unknown {
    if (this.path.includes(value)) return '[circular]';
    if (depth <= 0 || this.values <= 0) return '[more]';
    this.path.push(value);
    try {
      return this.object(value, depth - 1);
    } catch {
      return unreadable;
    } finally {
      this.path.pop();
    }
  }

  private object(value: object, depth: number): unknown {
    if (Array.isArray(value)) return this.list(value, value.length, depth);
    if (value instanceof Error) return this.copy(errorFields(value), depth + 1);
    if (ArrayBuffer.isView(value)) return `[${value.constructor.name} of ${value.byteLength} bytes]`;
    if (value instanceof Map) return this.entries(value.entries(), depth);
    if (value instanceof Set) return this.list(value, value.size, depth);
    const toJson: unknown = (value as { toJSON?: unknown }).toJSON;
    // A toJSON that gives an object goes through the same guards as every other value, one level deeper.
    if (typeof toJson === 'function') return this.copy(toJson.call(value, ''), depth);
    return this.entries(ownEntries(value), depth);
  }

  private list(items: Iterable<unknown>, size: number, depth: number): unknown[] {
    const copy: unknown[] = [];
    for (const item of items) {
      if (copy.length >= this.breadth || this.values-- <= 0) {
        copy.push(`[${size - copy.length} more]`);
        break;
      }
      copy.push(this.copy(item, depth) ?? null);
    }
    return copy;
  }

  private entries(entries: Iterable<readonly [unknown, unknown]>, depth: number): Record<string, unknown> {
    const copy: Record<string, unknown> = {};
    let count = 0;
    for (const [key, value] of entries) {
      if (count++ >= this.breadth || this.values-- <= 0) {
        copy['[more]'] = true;
        break;
      }
      const plain = this.copy(value, depth);
      if (plain !== undefined) setOwn(copy, clip(typeof key === 'string' ? key : typeof key, 256), plain);
    }
    return copy;
  }
}

function* ownEntries(value: object): Generator<readonly [string, unknown]> {
  for (const key of Object.keys(value)) yield [key, read(value, key)];
}

function read(value: object, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key];
  } catch {
    return unreadable;
  }
}

function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  // A plain assignment to `__proto__` would change the prototype instead of making a property.
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}
