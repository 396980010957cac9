import type { ConfigEntry } from '../contracts/config-report.js';
import type { SecretVault } from '../secrets/secret-vault.js';
import { EffectiveValues } from './effective-values.js';
import { nearest } from './key-names.js';
import { describeOrigin, type Raw, type RawMap, type RawValue } from './raw.js';
import { asDeclared, fromText, isAllowed, listFromText, wordOf } from './scalars.js';
import {
  inWords,
  type Choice,
  type Field,
  type Group,
  type List,
  type Scalar,
  type Schema,
  type Table,
} from './schema.js';
import { listOf, plain, shapeOf, show } from './shown.js';
import { howToSet, howToSetInside, type Violation } from './violation.js';

/** Stands for a value that is missing or broken: what is built from it cannot be judged any further. */
export const broken = Symbol('broken');

const dangerous = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * The strict structural pass: compares what was configured with what is declared, before any validator looks at it. Nothing is
 * dropped, nothing is guessed, and text becomes a number or a boolean only where one is declared.
 */
export class StructureCheck {
  readonly violations: Violation[] = [];
  private readonly effective: EffectiveValues;
  /** Whether what is being read is a secret, or inside of one. */
  private isSecret = false;

  constructor(vault: SecretVault) {
    this.effective = new EffectiveValues(vault, this.violations);
  }

  /** What is in force, in order of declaration. */
  get entries(): readonly ConfigEntry[] {
    return this.effective.entries;
  }

  /** What is really in force at the path of an entry. */
  valueAt(path: string): unknown {
    return this.effective.values.get(path);
  }

  /**
   * The value of `raw` as `schema` wants it, or {@link broken} when it is not so; then the violations say why. What `raw` leaves open of
   * an object is as in `byDefault`; what is broken inside of one is left out of it, so that the rest can be judged further.
   */
  read(schema: Schema, raw: Raw, path: readonly string[], byDefault?: unknown): unknown {
    const isOuterSecret = this.isSecret;
    this.isSecret ||= schema.secret === true;
    try {
      return this.readAs(schema, raw, path, byDefault);
    } finally {
      this.isSecret = isOuterSecret;
    }
  }

  private readAs(schema: Schema, raw: Raw, path: readonly string[], byDefault: unknown): unknown {
    switch (schema.kind) {
      case 'group':
        return this.readGroup(schema, raw, path, byDefault);
      case 'table':
        return this.readTable(schema, raw, path);
      case 'list':
        return this.readList(schema, raw, path);
      case 'choice':
        return this.readChoice(schema, raw, path);
      case 'either':
        return this.read(raw.kind === 'map' ? schema.named : schema.one, raw, path);
      case 'absent':
        return this.readAbsent(schema, raw, path);
      case 'anything':
        return this.readAnything(raw, path);
      default:
        return this.readScalar(schema, raw, path);
    }
  }

  private readGroup(schema: Group, raw: Raw, path: readonly string[], byDefault?: unknown): unknown {
    if (raw.kind !== 'map') return this.refuse(schema, raw, path);
    const values: Record<string, unknown> = {};
    const defaults = typeof byDefault === 'object' && byDefault !== null ? (byDefault as Record<string, unknown>) : {};
    this.refuseUnknown(raw, schema.fields.keys(), path, 'key');
    for (const [key, field] of schema.fields) {
      const inner = raw.entries.get(key);
      const innerPath = [...path, key];
      const innerDefault = defaults[key] ?? field.byDefault;
      if (inner === undefined) {
        this.handleMissing(field, innerDefault, innerPath);
        continue;
      }
      const value = this.read(field.schema, inner, innerPath, innerDefault);
      if (value !== broken) values[key] = value;
    }
    return schema.type === undefined ? values : Object.assign(new schema.type(), defaults, values);
  }

  private handleMissing(field: Field, byDefault: unknown, path: readonly string[]): void {
    if (field.required !== true || byDefault !== undefined) {
      if (field.schema.kind === 'group' && byDefault === undefined) this.readDefaults(field.schema, path);
      else this.effective.addDefault(path, byDefault, field.schema, this.isSecret);
      return;
    }
    const isObject = field.schema.kind === 'group';
    const what = isObject ? 'is required, an object' : `is required, and ${inWords(field.schema)}`;
    const hint = isObject ? howToSetInside(path) : howToSet(path);
    this.violations.push({ path: path.join('.'), rule: what, hint });
  }

  /** Of an object of the platform's own that nothing was configured of. */
  private readDefaults(schema: Group, path: readonly string[]): void {
    if (schema.type !== undefined) return;
    for (const [key, { schema: inner, byDefault }] of schema.fields) {
      if (inner.kind === 'group') this.readDefaults(inner, [...path, key]);
      else this.effective.addDefault([...path, key], byDefault, inner, this.isSecret);
    }
  }

  private readTable(schema: Table, raw: Raw, path: readonly string[]): unknown {
    if (raw.kind !== 'map') return this.refuse(schema, raw, path);
    const { names } = schema;
    this.refuseUnknown(raw, names?.known ?? raw.entries.keys(), path, names?.of ?? 'key');
    const values: [string, unknown][] = [];
    for (const [key, inner] of raw.entries) {
      if (dangerous.has(key) || (names !== undefined && !names.known.includes(key))) continue;
      const value = this.read(schema.value, inner, [...path, key]);
      if (value !== broken) values.push([key, value]);
    }
    return Object.fromEntries(values);
  }

  private readList(schema: List, raw: Raw, path: readonly string[]): unknown {
    const list = raw.kind === 'value' && raw.isText ? listFromText(raw) : raw;
    if (list?.kind !== 'list') return this.refuse(schema, raw, path);
    const items = list.items.map((item, index) => this.read(schema.item, item, [...path, String(index)]));
    return items.includes(broken) ? broken : items;
  }

  private readChoice(schema: Choice, raw: Raw, path: readonly string[]): unknown {
    if (raw.kind === 'value' && schema.words.includes(raw.value as string)) return this.accept(raw.value, raw, path);
    if (raw.kind !== 'map') return this.refuse(schema, raw, path);
    const chosen = [...schema.groups].find(([key]) => raw.entries.has(key));
    return chosen === undefined ? this.refuse(schema, raw, path) : this.readGroup(chosen[1], raw, path);
  }

  private readAbsent(schema: Schema & { kind: 'absent' }, raw: Raw, path: readonly string[]): unknown {
    const value = raw.kind === 'value' && raw.isText ? wordOf(raw.value) : raw.kind === 'value' ? raw.value : undefined;
    if (schema.allowed !== undefined && value === schema.allowed) return value;
    return this.refuse(schema, raw, path);
  }

  private readScalar(schema: Scalar, raw: Raw, path: readonly string[]): unknown {
    if (raw.kind !== 'value') return this.refuse(schema, raw, path);
    if (schema.orFalse === true && wordOf(raw.value) === false) return this.accept(false, raw, path);
    const value = raw.isText ? fromText(schema, raw.value) : raw.value;
    if (!isAllowed(schema, value)) return this.refuse(schema, raw, path);
    return this.accept(value, raw, path) === broken ? broken : asDeclared(schema, value);
  }

  private readAnything(raw: Raw, path: readonly string[]): unknown {
    if (raw.kind === 'value') return this.accept(raw.value, raw, path);
    this.effective.addUnknown(path, raw, this.isSecret);
    return plain(raw);
  }

  private accept(value: unknown, raw: RawValue, path: readonly string[]): unknown {
    return this.effective.add(path, value, raw.origin, this.isSecretFrom(raw)) ? value : broken;
  }

  private isSecretFrom(raw: Raw): boolean {
    return this.isSecret || raw.origin.kind === 'secret file';
  }

  /** A key that is not declared is never dropped in silence: it may be the misspelt name of one that matters. */
  refuseUnknown(raw: RawMap, known: Iterable<string>, path: readonly string[], what: string): void {
    const names = new Set(known);
    for (const [key, value] of raw.entries) {
      if (names.has(key) && !dangerous.has(key)) continue;
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
  }

  private refuse(schema: Schema, raw: Raw, path: readonly string[]): typeof broken {
    const isSecret = this.isSecretFrom(raw);
    if (isSecret) this.effective.registerRefused(raw);
    // A key of a part that does not exist may well hold a secret.
    const isHidden = isSecret || raw.kind !== 'value' || schema.kind === 'absent';
    this.violations.push({
      path: path.join('.'),
      rule: inWords(schema),
      received: isHidden ? shapeOf(raw) : show(raw.value),
      from: describeOrigin(raw.origin),
      hint: schema.kind === 'group' || schema.kind === 'table' ? howToSetInside(path) : howToSet(path),
    });
    return broken;
  }
}
