import { parseDuration } from '../time/duration.js';
import { secretMask, shortestSecret, type SecretVault } from '../secrets/secret-vault.js';
import { nearest } from './key-names.js';
import { describeOrigin, toRaw, type Raw, type RawMap, type RawValue } from './raw.js';
import { inWords, type Choice, type Group, type List, type Scalar, type Schema, type Table } from './schema.js';
import { howToSet, type Violation } from './violation.js';

/** An effective value and where it came from, as an operator may see it. */
export interface ConfigEntry {
  readonly path: string;
  /** The value; a fixed mask for a secret. */
  readonly value: unknown;
  /** Where it came from; `default` when nothing was configured. */
  readonly source: string;
  readonly isDefault: boolean;
}

/** Stands for a value that is missing or broken: what is built from it cannot be judged any further. */
export const broken = Symbol('broken');

const dangerous = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * The strict structural pass: compares what was configured with what is declared, before any validator looks at it. Nothing is
 * dropped, nothing is guessed, and text becomes a number or a boolean only where one is declared.
 */
export class StructureCheck {
  readonly violations: Violation[] = [];
  readonly entries: ConfigEntry[] = [];

  constructor(private readonly vault: SecretVault) {}

  /** The value of `raw` as `schema` wants it, or {@link broken} when it is not so; then the violations say why. */
  read(schema: Schema, raw: Raw, path: readonly string[]): unknown {
    switch (schema.kind) {
      case 'group':
        return this.readGroup(schema, raw, path);
      case 'table':
        return this.readTable(schema, raw, path);
      case 'list':
        return this.readList(schema, raw, path);
      case 'choice':
        return this.readChoice(schema, raw, path);
      case 'either':
        return raw.kind === 'map' ? this.readTable(schema.named, raw, path) : this.readScalar(schema.one, raw, path);
      case 'absent':
        return this.readAbsent(schema, raw, path);
      case 'anything':
        return raw.kind === 'value' ? this.accept(raw.value, raw, path, schema.secret === true) : plain(raw);
      default:
        return this.readScalar(schema, raw, path);
    }
  }

  /** What is in force where nothing was configured. */
  readDefaults(schema: Group, path: readonly string[]): void {
    for (const [key, field] of schema.fields) this.readMissing(field.schema, field.byDefault, [...path, key]);
  }

  private readGroup(schema: Group, raw: Raw, path: readonly string[]): unknown {
    if (raw.kind !== 'map') return this.refuse(schema, raw, path);
    const values: Record<string, unknown> = {};
    let isWhole = this.refuseUnknown(raw, schema.fields.keys(), path, 'key');
    for (const [key, field] of schema.fields) {
      const inner = raw.entries.get(key);
      const innerPath = [...path, key];
      if (inner === undefined) {
        isWhole = this.handleMissing(field, innerPath) && isWhole;
        continue;
      }
      const value = this.read(field.schema, inner, innerPath);
      if (value === broken) isWhole = false;
      else values[key] = value;
    }
    if (!isWhole && schema.type === undefined) return broken;
    return schema.type === undefined ? values : Object.assign(new schema.type(), values);
  }

  private handleMissing(
    field: { schema: Schema; required?: boolean; byDefault?: unknown },
    path: readonly string[],
  ): boolean {
    if (field.required !== true) {
      this.readMissing(field.schema, field.byDefault, path);
      return true;
    }
    const what = field.schema.kind === 'group' ? 'is required, an object' : `is required, and ${inWords(field.schema)}`;
    this.violations.push({ path: path.join('.'), rule: what, hint: howToSet(path) });
    return false;
  }

  private readMissing(schema: Schema, byDefault: unknown, path: readonly string[]): void {
    if (schema.kind === 'absent') return;
    if (schema.kind === 'group' && schema.type === undefined) this.readDefaults(schema, path);
    else if (byDefault !== undefined)
      this.entries.push({ path: path.join('.'), value: byDefault, source: 'default', isDefault: true });
  }

  private readTable(schema: Table, raw: Raw, path: readonly string[]): unknown {
    if (raw.kind !== 'map') return this.refuse(schema, raw, path);
    const { names } = schema;
    let isWhole = this.refuseUnknown(raw, names?.known ?? raw.entries.keys(), path, names?.of ?? 'key');
    const values: [string, unknown][] = [];
    for (const [key, inner] of raw.entries) {
      if (dangerous.has(key) || (names !== undefined && !names.known.includes(key))) continue;
      const value = this.read(schema.value, inner, [...path, key]);
      if (value === broken) isWhole = false;
      else values.push([key, value]);
    }
    return isWhole ? Object.fromEntries(values) : broken;
  }

  private readList(schema: List, raw: Raw, path: readonly string[]): unknown {
    const list = raw.kind === 'value' && raw.isText ? listFromText(raw) : raw;
    if (list?.kind !== 'list') return this.refuse(schema, raw, path);
    const items = list.items.map((item, index) => this.read(schema.item, item, [...path, String(index)]));
    return items.includes(broken) ? broken : items;
  }

  private readChoice(schema: Choice, raw: Raw, path: readonly string[]): unknown {
    if (raw.kind === 'value' && schema.words.includes(raw.value as string))
      return this.accept(raw.value, raw, path, false);
    if (raw.kind !== 'map') return this.refuse(schema, raw, path);
    const chosen = [...schema.groups].find(([key]) => raw.entries.has(key));
    return chosen === undefined ? this.refuse(schema, raw, path) : this.readGroup(chosen[1], raw, path);
  }

  private readAbsent(schema: Schema & { kind: 'absent' }, raw: Raw, path: readonly string[]): unknown {
    const value = raw.kind === 'value' && raw.isText ? wordOf(raw.value) : raw.kind === 'value' ? raw.value : undefined;
    if (schema.allowed !== undefined && value === schema.allowed) return value;
    return this.refuse(schema, raw, path, true);
  }

  private readScalar(schema: Scalar, raw: Raw, path: readonly string[]): unknown {
    if (raw.kind !== 'value') return this.refuse(schema, raw, path, schema.secret);
    if (schema.orFalse === true && wordOf(raw.value) === false) return this.accept(false, raw, path, false);
    const value = raw.isText ? fromText(schema, raw.value) : raw.value;
    if (!isAllowed(schema, value)) return this.refuse(schema, raw, path, schema.secret);
    return this.accept(value, raw, path, schema.secret === true || raw.origin.kind === 'secret file');
  }

  private accept(value: unknown, raw: RawValue, path: readonly string[], isSecret: boolean): unknown {
    const source = describeOrigin(raw.origin);
    if (isSecret && typeof value === 'string') {
      if (value.length < shortestSecret) {
        this.violations.push({
          path: path.join('.'),
          rule: `is a secret and must have at least ${shortestSecret} characters, since masking a shorter one would mask ordinary text`,
          received: `${value.length} characters`,
          from: source,
          hint: howToSet(path),
        });
        return broken;
      }
      this.vault.register(value);
    }
    this.entries.push({ path: path.join('.'), value: isSecret ? secretMask : value, source, isDefault: false });
    return value;
  }

  /** A key that is not declared is never dropped in silence: it may be the misspelt name of one that matters. */
  private refuseUnknown(raw: RawMap, known: Iterable<string>, path: readonly string[], what: string): boolean {
    const names = new Set(known);
    let isClean = true;
    for (const [key, value] of raw.entries) {
      if (names.has(key) && !dangerous.has(key)) continue;
      isClean = false;
      const near = nearest(key, names);
      const hint = near === undefined ? listOf(names) : `did you mean ${near}?`;
      this.violations.push({
        path: [...path, key].join('.'),
        rule: dangerous.has(key)
          ? 'is a name that no configuration may use'
          : `is unknown: there is no ${what} of this name`,
        received: shapeOf(value),
        from: describeOrigin(value.origin),
        ...(hint !== undefined && { hint }),
      });
    }
    return isClean;
  }

  private refuse(schema: Schema, raw: Raw, path: readonly string[], isSecret = false): typeof broken {
    const received =
      isSecret || raw.kind !== 'value' || raw.origin.kind === 'secret file' ? shapeOf(raw) : show(raw.value);
    this.violations.push({
      path: path.join('.'),
      rule: inWords(schema),
      received,
      from: describeOrigin(raw.origin),
      hint: howToSet(path),
    });
    return broken;
  }
}

function isAllowed(schema: Scalar, value: unknown): boolean {
  if (schema.oneOf !== undefined) return schema.oneOf.includes(value as string);
  switch (schema.kind) {
    case 'text':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
    case 'duration':
      return isDuration(value);
    case 'integer':
      return Number.isSafeInteger(value) && isInRange(schema, value as number);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) && isInRange(schema, value);
  }
}

function isInRange({ least, most }: Scalar, value: number): boolean {
  return value >= (least ?? -Infinity) && value <= (most ?? Infinity);
}

function isDuration(value: unknown): boolean {
  try {
    parseDuration(value as number, '');
    return true;
  } catch {
    return false;
  }
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function fromText({ kind, oneOf }: Scalar, value: unknown): unknown {
  const text = String(value);
  if (kind === 'boolean') return wordOf(text);
  const isNumeric = kind === 'integer' || kind === 'number' || kind === 'duration' || typeof oneOf?.[0] === 'number';
  return isNumeric && decimal.test(text) ? Number(text) : text;
}

function wordOf(value: unknown): unknown {
  return value === 'true' ? true : value === 'false' ? false : value;
}

function listFromText(raw: RawValue): Raw | undefined {
  const text = String(raw.value).trim();
  if (text.startsWith('[')) {
    try {
      return toRaw(JSON.parse(text), raw.origin);
    } catch {
      return undefined;
    }
  }
  const items = text === '' ? [] : text.split(',').map((item): Raw => ({ ...raw, value: item.trim() }));
  return { kind: 'list', items, origin: raw.origin };
}

function plain(raw: Raw): unknown {
  if (raw.kind === 'value') return raw.value;
  if (raw.kind === 'list') return raw.items.map(plain);
  return Object.fromEntries([...raw.entries].map(([key, value]) => [key, plain(value)]));
}

function show(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** What may be said of a value that must not be shown. */
function shapeOf(raw: Raw): string {
  if (raw.kind === 'map') return 'an object';
  if (raw.kind === 'list') return `a list of ${raw.items.length}`;
  return raw.value === null ? 'null' : `a ${typeof raw.value} (not shown)`;
}

function listOf(names: ReadonlySet<string>): string | undefined {
  return names.size === 0 || names.size > 20 ? undefined : `known are: ${[...names].join(', ')}`;
}
