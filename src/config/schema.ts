import type { Newable } from 'inversify';

/** What each schema may say. */
interface Marked {
  /** The value, and everything inside of it, is shown nowhere. */
  readonly secret?: boolean;
}

/** What a value of the configuration may be. */
export type Schema = Scalar | Group | Table | List | Choice | Either | Absent | Anything;

/** One value. `words` says in words what is allowed, for a violation. */
export interface Scalar extends Marked {
  readonly kind: 'text' | 'number' | 'integer' | 'boolean' | 'duration' | 'bytes';
  /** A duration becomes a number of milliseconds, instead of staying as it is written. */
  readonly asMs?: boolean;
  /** Only these. */
  readonly oneOf?: readonly (string | number | boolean)[];
  readonly least?: number;
  readonly most?: number;
  /** `false` may stand there instead, for none. */
  readonly orFalse?: boolean;
}

/** An object with known keys. */
export interface Group extends Marked {
  readonly kind: 'group';
  readonly fields: ReadonlyMap<string, Field>;
  /** The class that its value is an instance of; a plain object without one. */
  readonly type?: Newable<object>;
}

/** A field of a {@link Group}. */
export interface Field {
  readonly schema: Schema;
  readonly required?: boolean;
  /** What is in force when nothing is configured; for display. */
  readonly byDefault?: unknown;
}

/** An object whose keys are names: those listed, or any. */
export interface Table extends Marked {
  readonly kind: 'table';
  readonly value: Schema;
  /** The names there are, and what they are names of. Any name when absent. */
  readonly names?: { readonly known: readonly string[]; readonly of: string };
}

/** A list. From text: a JSON array, or items separated by commas. */
export interface List extends Marked {
  readonly kind: 'list';
  readonly item: Schema;
}

/** One of several shapes: words, or a group that is known by one of its keys. */
export interface Choice extends Marked {
  readonly kind: 'choice';
  readonly words: readonly string[];
  /** By the key that tells it from the others. */
  readonly groups: ReadonlyMap<string, Group>;
}

/** One value, or several of the kind with a name each. */
export interface Either extends Marked {
  readonly kind: 'either';
  readonly one: Scalar;
  readonly named: Table;
}

/** A key of a part of the platform that does not exist yet: refused unless it has the one value that asks for nothing. */
export interface Absent extends Marked {
  readonly kind: 'absent';
  readonly allowed?: string | boolean;
}

/** A value that is left to class-validator. */
export interface Anything extends Marked {
  readonly kind: 'anything';
}

/** Makes a {@link Group} of plain fields. */
export function group(fields: Readonly<Record<string, Schema | Field>>): Group {
  const entries = Object.entries(fields).map(([key, field]): [string, Field] => [
    key,
    'schema' in field ? field : { schema: field },
  ]);
  return { kind: 'group', fields: new Map(entries) };
}

/** What is allowed, in words. */
export function inWords(schema: Schema): string {
  switch (schema.kind) {
    case 'group':
    case 'table':
      return 'must be an object';
    case 'list':
      return 'must be a list';
    case 'choice':
      return `must be ${[...schema.words.map((word) => JSON.stringify(word)), ...[...schema.groups.keys()].map((key) => `an object with "${key}"`)].join(', or ')}`;
    case 'either':
      return `${scalarInWords(schema.one)}, or an object of such with a name each`;
    case 'absent':
      return schema.allowed === undefined
        ? 'belongs to a part of the platform that does not exist yet: leave it out'
        : `belongs to a part of the platform that does not exist yet: leave it out, or use ${JSON.stringify(schema.allowed)}`;
    case 'anything':
      return 'must be a value';
    default:
      return scalarInWords(schema);
  }
}

function scalarInWords(schema: Scalar): string {
  if (schema.oneOf !== undefined)
    return `must be one of ${schema.oneOf.map((value) => JSON.stringify(value)).join(', ')}`;
  const range =
    schema.least === undefined && schema.most === undefined
      ? ''
      : ` from ${schema.least ?? 'any'} to ${schema.most ?? 'any'}`;
  switch (schema.kind) {
    case 'text':
      return schema.orFalse === true ? 'must be text, or false for none' : 'must be text';
    case 'boolean':
      return 'must be true or false';
    case 'duration':
      return 'must be a duration: milliseconds, or a number with its unit such as "250ms", "30s", "5m", "2h"';
    case 'bytes':
      return 'must be a size: bytes, or a number with its unit such as "512B", "64KiB", "10MB"';
    case 'integer':
      return `must be a whole number${range}`;
    case 'number':
      return `must be a number${range}`;
  }
}
