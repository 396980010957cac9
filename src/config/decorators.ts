import 'reflect-metadata';
import { PlbaError } from '../errors.js';

const sectionKey = Symbol.for('plba:configuration');
const secretsKey = Symbol.for('plba:secrets');
const measuredKey = Symbol.for('plba:measured');
const sectionPattern = /^[a-z][A-Za-z0-9-]*$/;

/**
 * Tags a class as the shape of a section of the configuration. Its fields are validated by class-validator's decorators; a
 * field with a default is optional. An instance, validated and frozen, can be injected by class once a module lists it.
 * @param section name of the section: a letter in lower case, then letters, digits and `-`; not `plba`, which is the platform's
 * @throws `DECORATOR_MISUSED`
 */
export function configuration(section: string): (type: new () => object) => void {
  return (type) => {
    if (section === 'plba' || !sectionPattern.test(section)) {
      throw new PlbaError(
        'DECORATOR_MISUSED',
        `class ${type.name} cannot be the configuration of section "${section}"`,
        {
          hint:
            section === 'plba' ? '"plba" is the section of the platform' : 'name it like "invoices" or "ledger-api"',
        },
      );
    }
    Reflect.defineMetadata(sectionKey, section, type);
  };
}

/**
 * Tags a field as secret: its value is never in a log line, an error text or an answer of the control plane. At least six
 * characters long; shorter ones are refused, since masking them would mask ordinary text.
 */
export function secret(): (prototype: object, field: string) => void {
  return (prototype, field) => {
    const known = secretFieldsOf(prototype.constructor);
    Reflect.defineMetadata(secretsKey, new Set([...known, field]), prototype.constructor);
  };
}

/**
 * Tags a field as a duration: `30s` or a number of milliseconds where it is written, always a number of milliseconds in the field.
 * At most 24.8 days.
 */
export function duration(): (prototype: object, field: string) => void {
  return measured('duration');
}

/**
 * Tags a field as a size in bytes: `64KiB`, `10MB` or a number of bytes where it is written, always a number of bytes in the field. Units are
 * `B`, `KB`, `MB`, `GB` (by 1000) and `KiB`, `MiB`, `GiB` (by 1024).
 */
export function byteSize(): (prototype: object, field: string) => void {
  return measured('bytes');
}

function measured(kind: 'duration' | 'bytes'): (prototype: object, field: string) => void {
  return (prototype, field) => {
    const known = measuredFieldsOf(prototype.constructor);
    Reflect.defineMetadata(measuredKey, new Map([...known, [field, kind]]), prototype.constructor);
  };
}

/** The section that a class describes; undefined for a class without `@configuration()`. */
export function sectionOf(type: object): string | undefined {
  return Reflect.getOwnMetadata(sectionKey, type) as string | undefined;
}

/** The secret fields of a class, those of its base classes included. */
export function secretFieldsOf(type: object): ReadonlySet<string> {
  return (Reflect.getMetadata(secretsKey, type) as ReadonlySet<string> | undefined) ?? new Set();
}

/** The fields of a class that are durations or byte sizes, those of its base classes included. */
export function measuredFieldsOf(type: object): ReadonlyMap<string, 'duration' | 'bytes'> {
  return (Reflect.getMetadata(measuredKey, type) as ReadonlyMap<string, 'duration' | 'bytes'> | undefined) ?? new Map();
}
