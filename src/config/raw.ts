/** Where a value came from. */
export interface Origin {
  readonly kind: 'file' | '.env' | 'environment' | 'secret file' | '--set' | 'code';
  /** The file, the variable, or the argument. */
  readonly name: string;
  /** Line of the file, from 1, where it is known. */
  readonly line?: number;
  /** The variables whose values were put in, `${NAME}`; or the file of a secret. */
  readonly through?: string;
}

/** A configuration that has been read and not yet understood. Every part remembers its origin. */
export type Raw = RawValue | RawMap | RawList;

/** A single value. `isText`: it came from where there is only text, and its type is still to be read from it. */
export interface RawValue {
  readonly kind: 'value';
  readonly value: unknown;
  readonly isText: boolean;
  readonly origin: Origin;
}

/** An object. */
export interface RawMap {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Raw>;
  readonly origin: Origin;
}

/** A list. */
export interface RawList {
  readonly kind: 'list';
  readonly items: readonly Raw[];
  readonly origin: Origin;
}

/** How many values a document may hold: far more than any configuration needs, far less than a bomb. */
export const mostNodes = 20_000;

/** How many levels deep they may be nested. */
export const deepest = 32;

/**
 * Turns parsed data into {@link Raw}. Aliases of YAML are shared objects, so that a few lines can stand for billions of values:
 * nodes are counted as they are used.
 * @throws RangeError when there are too many of them, or they are nested too deep
 */
export function toRaw(data: unknown, origin: Origin): Raw {
  let nodes = 0;
  const visit = (value: unknown, depth: number): Raw => {
    if (++nodes > mostNodes) throw new RangeError(`it holds more than ${mostNodes} values`);
    if (depth > deepest) throw new RangeError(`it is nested more than ${deepest} levels deep`);
    if (Array.isArray(value)) return { kind: 'list', items: value.map((item) => visit(item, depth + 1)), origin };
    if (isRecord(value)) {
      const entries = Object.entries(value).map(([key, item]): [string, Raw] => [key, visit(item, depth + 1)]);
      return { kind: 'map', entries: new Map(entries), origin };
    }
    return { kind: 'value', value, isText: false, origin };
  };
  return visit(data, 0);
}

/** `upper` over `lower`: objects are merged key by key, everything else is replaced. */
export function merge(lower: Raw | undefined, upper: Raw): Raw {
  if (lower?.kind !== 'map' || upper.kind !== 'map') return upper;
  const entries = new Map(lower.entries);
  for (const [key, value] of upper.entries) entries.set(key, merge(entries.get(key), value));
  return { kind: 'map', entries, origin: upper.origin };
}

/** An object that has `value` at `path` and nothing else. */
export function nest(path: readonly string[], value: Raw): Raw {
  return path.reduceRight<Raw>(
    (inner, key) => ({ kind: 'map', entries: new Map([[key, inner]]), origin: inner.origin }),
    value,
  );
}

/** The origin in words. */
export function describeOrigin({ kind, name, line, through }: Origin): string {
  const place = line === undefined ? name : `${name}:${line}`;
  const where = through === undefined ? place : `${place}, through ${through}`;
  switch (kind) {
    case 'file':
      return where;
    case '.env':
      return `${name} in .env:${line ?? 0}`;
    case 'environment':
      return `environment variable ${name}`;
    case 'secret file':
      return `the file ${through ?? ''}, named by ${name}`;
    case '--set':
      return `--set ${name}`;
    case 'code':
      return 'the code of the application';
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
