import { parseDuration } from '../time/duration.js';
import { parseByteSize } from './byte-size.js';
import { toRaw, type Raw, type RawValue } from './raw.js';
import type { Scalar } from './schema.js';

/** Whether a value is what is declared. */
export function isAllowed(schema: Scalar, value: unknown): boolean {
  if (schema.oneOf !== undefined) return schema.oneOf.includes(value as string);
  switch (schema.kind) {
    case 'text':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
    case 'duration':
      return durationMs(value) !== undefined;
    case 'bytes':
      return parseByteSize(value) !== undefined;
    case 'integer':
      return Number.isSafeInteger(value) && isInRange(schema, value as number);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) && isInRange(schema, value);
  }
}

/** The value as the application gets it, of one that is allowed. */
export function asDeclared(schema: Scalar, value: unknown): unknown {
  if (schema.kind === 'bytes') return parseByteSize(value);
  return schema.kind === 'duration' && schema.asMs === true ? durationMs(value) : value;
}

/** Reads text by the type that is declared. What is no such value stays text, and is not allowed then. */
export function fromText({ kind, oneOf }: Scalar, value: unknown): unknown {
  const text = String(value);
  if (kind === 'boolean') return wordOf(text);
  const isNumeric = numeric.has(kind) || typeof oneOf?.[0] === 'number';
  return isNumeric && decimal.test(text) ? Number(text) : text;
}

/** `true` and `false` for these words, and for nothing else. */
export function wordOf(value: unknown): unknown {
  return value === 'true' ? true : value === 'false' ? false : value;
}

/** A list from text: a JSON array, or items separated by commas. Undefined for what begins as an array and is none. */
export function listFromText(raw: RawValue): Raw | undefined {
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

const numeric: ReadonlySet<Scalar['kind']> = new Set(['integer', 'number', 'duration', 'bytes']);
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function isInRange({ least, most }: Scalar, value: number): boolean {
  return value >= (least ?? -Infinity) && value <= (most ?? Infinity);
}

function durationMs(value: unknown): number | undefined {
  try {
    return parseDuration(value as number, '');
  } catch {
    return undefined;
  }
}
