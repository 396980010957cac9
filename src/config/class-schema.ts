import 'reflect-metadata';
import type * as ClassValidator from 'class-validator';
import type { Newable } from 'inversify';
import { measuredFieldsOf, secretFieldsOf } from './decorators.js';
import type { Field, Group, Schema } from './schema.js';

/** What class-validator and class-transformer know about classes. Loaded by applications that have configuration classes. */
export interface ClassLibraries {
  readonly validator: typeof ClassValidator;
  readonly transformerStorage: {
    findTypeMetadata(type: unknown, field: string): { typeFunction(): unknown } | undefined;
  };
}

/** Loads {@link ClassLibraries}. */
export async function loadClassLibraries(): Promise<ClassLibraries> {
  const validator = await import('class-validator');
  // The library has no public way to ask what @Type() said.
  const storage = await import('class-transformer/cjs/storage.js');
  return { validator, transformerStorage: storage.defaultMetadataStorage };
}

interface Hint {
  readonly name: string | undefined;
  readonly type: string;
  readonly constraints: readonly unknown[];
}

/**
 * Reads the schema of a configuration class from what it says about itself: class-validator's decorators first, then the type
 * that the compiler recorded, then the type of the default. It works without compiler metadata wherever one of the others tells.
 */
export class ClassReader {
  constructor(private readonly libraries: ClassLibraries) {}

  /** The schema of a class, with the classes nested in it. A class that contains itself is followed once. */
  read(type: Newable<object>, path: readonly Newable<object>[] = []): Group {
    const defaults = new type() as Record<string, unknown>;
    const hints = this.hintsOf(type);
    const secrets = secretFieldsOf(type);
    const measured = measuredFieldsOf(type);
    const names = new Set([...Object.keys(defaults), ...hints.keys(), ...secrets, ...measured.keys()]);
    const fields = [...names].map((name): [string, Field] => {
      const fieldHints = hints.get(name) ?? [];
      const byDefault = defaults[name];
      const isOptional =
        byDefault !== undefined || fieldHints.some(({ type: hint }) => hint === 'conditionalValidation');
      const kind = measured.get(name);
      const schema: Schema =
        kind === undefined ? this.schemaOf(type, name, fieldHints, byDefault, [...path, type]) : { kind, asMs: true };
      const marked = secrets.has(name) ? { ...schema, secret: true } : schema;
      return [name, { schema: marked, required: !isOptional, byDefault }];
    });
    return { kind: 'group', fields: new Map(fields), type };
  }

  private schemaOf(
    type: Newable<object>,
    name: string,
    hints: readonly Hint[],
    byDefault: unknown,
    path: readonly Newable<object>[],
  ): Schema {
    const declared = Reflect.getMetadata('design:type', type.prototype as object, name) as unknown;
    const nested = this.libraries.transformerStorage.findTypeMetadata(type, name)?.typeFunction();
    const has = (...wanted: string[]): boolean =>
      hints.some((hint) => hint.name !== undefined && wanted.includes(hint.name));
    if (
      has('isArray', 'arrayMinSize', 'arrayMaxSize', 'arrayNotEmpty') ||
      declared === Array ||
      Array.isArray(byDefault)
    ) {
      return { kind: 'list', item: this.itemSchema(hints, nested, byDefault, path) };
    }
    const inner = nested ?? nestedClass(declared) ?? nestedClass((byDefault as object | undefined)?.constructor);
    if (isClass(inner)) return path.includes(inner) ? { kind: 'anything' } : this.read(inner, path);
    const kind = scalarKind(hints, declared, byDefault);
    return { kind: kind ?? 'anything' };
  }

  private itemSchema(
    hints: readonly Hint[],
    nested: unknown,
    byDefault: unknown,
    path: readonly Newable<object>[],
  ): Schema {
    if (isClass(nested)) return path.includes(nested) ? { kind: 'anything' } : this.read(nested, path);
    const kind = scalarKind(hints, undefined, (byDefault as unknown[] | undefined)?.[0]);
    return kind === undefined ? { kind: 'anything' } : { kind };
  }

  private hintsOf(type: Newable<object>): Map<string, Hint[]> {
    const storage = this.libraries.validator.getMetadataStorage();
    const hints = new Map<string, Hint[]>();
    for (const metadata of storage.getTargetValidationMetadatas(type, '', false, false)) {
      const { propertyName, name, type: kind, constraints } = metadata;
      hints.set(propertyName, [
        ...(hints.get(propertyName) ?? []),
        { name, type: kind, constraints: (constraints as unknown[] | undefined) ?? [] },
      ]);
    }
    return hints;
  }
}

const integerRules = ['isInt', 'isPort', 'isDivisibleBy'];
const numberRules = ['isNumber', 'min', 'max', 'isPositive', 'isNegative', 'isLatitude', 'isLongitude'];
const booleanRules = ['isBoolean'];

function scalarKind(
  hints: readonly Hint[],
  declared: unknown,
  byDefault: unknown,
): 'text' | 'number' | 'integer' | 'boolean' | undefined {
  const names = hints.map(({ name }) => name).filter((name) => name !== undefined);
  const says = (rules: readonly string[]): boolean => names.some((name) => rules.includes(name));
  if (says(booleanRules) || declared === Boolean) return 'boolean';
  if (says(['isInt', 'isDivisibleBy'])) return 'integer';
  if (declared === String) return 'text';
  if (says(numberRules) || declared === Number) return 'number';
  switch (typeof byDefault) {
    case 'string':
      return 'text';
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    default:
      return namesText(names, hints);
  }
}

/** class-validator's rules on text are many; those that are not about text are few. */
const notAboutText = new Set([
  ...integerRules,
  ...numberRules,
  ...booleanRules,
  ...[
    'isDefined',
    'isOptional',
    'equals',
    'notEquals',
    'isEmpty',
    'isNotEmpty',
    'isIn',
    'isNotIn',
    'isEnum',
    'isObject',
    'isNotEmptyObject',
    'isInstance',
    'isDate',
  ],
]);

function namesText(names: readonly string[], hints: readonly Hint[]): 'text' | undefined {
  const choices = hints.find(({ name }) => name === 'isIn' || name === 'isEnum')?.constraints[0];
  if (
    typeof choices === 'object' &&
    choices !== null &&
    Object.values(choices).every((choice) => typeof choice === 'string')
  ) {
    return 'text';
  }
  return names.some((name) => !notAboutText.has(name)) ? 'text' : undefined;
}

const builtIns: ReadonlySet<unknown> = new Set([
  Object,
  String,
  Number,
  Boolean,
  Array,
  Function,
  Date,
  Promise,
  Map,
  Set,
  Symbol,
  BigInt,
]);

function nestedClass(type: unknown): Newable<object> | undefined {
  return isClass(type) && !builtIns.has(type) ? type : undefined;
}

function isClass(value: unknown): value is Newable<object> {
  return typeof value === 'function' && !builtIns.has(value);
}
