import type { Bindings, ChildLoggerOptions, LogFn, Logger as PinoLogger } from 'pino';
import { errorMessage } from '../plain/error-fields.js';
import { plainFields } from '../plain/plain-value.js';

/** Fields of a line that only the platform writes. */
const reserved = ['level', 'time', 'name', 'application'] as const;

/**
 * Renames fields that would pass for the platform's own: `name` becomes `field_name`. A line that has a key twice means
 * different things to different readers.
 */
export function withoutReserved(fields: Record<string, unknown>): Record<string, unknown> {
  if (reserved.every((key) => fields[key] === undefined)) return fields;
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      (reserved as readonly string[]).includes(key) ? `field_${key}` : key,
      value,
    ]),
  );
}

/**
 * pino's `logMethod` hook: when fields cannot be written as they are (a getter throws, a proxy lies), a copy of plain data
 * is written instead. Nothing has left the process by then, so it stays one line a call. The ordinary call pays nothing.
 */
export function logWithoutThrowing(this: PinoLogger, args: Parameters<LogFn>, method: LogFn): void {
  try {
    method.apply(this, args);
  } catch {
    const [fields, message] = args as readonly unknown[];
    method.apply(this, plainArguments(fields, message) as unknown as Parameters<LogFn>);
  }
}

function plainArguments(fields: unknown, message: unknown): [object, string] {
  if (isError(fields)) return [{ err: fields }, text(message) ?? errorMessage(fields)];
  const plain = plainFields(fields);
  if (!('err' in plain)) return [plain, text(message) ?? text(plain['msg']) ?? '[unreadable]'];
  // The serializer reads the error itself: it does better than a copy of a copy.
  const err = readErr(fields);
  return [{ ...plain, err }, text(message) ?? errorMessage(err)];
}

type MakeChild = (this: PinoLogger, fields: Bindings, options?: ChildLoggerOptions) => PinoLogger;

/** Makes `child` of a logger, and of every logger made from it, take any fields: hostile ones are copied, reserved ones renamed. */
export function hardenChild(logger: PinoLogger): void {
  const { child: makeChild } = logger as unknown as { child: MakeChild };
  const child: MakeChild = function (fields, options) {
    try {
      return makeChild.call(this, withoutReserved(fields), options);
    } catch {
      const plain = plainFields(fields);
      // pino calls this one on the fields.
      delete plain['hasOwnProperty'];
      return makeChild.call(this, withoutReserved(plain), options);
    }
  };
  // pino's children inherit from their parent, so this reaches all of them.
  Object.assign(logger, { child });
}

function isError(value: unknown): boolean {
  try {
    return value instanceof Error;
  } catch {
    return false;
  }
}

function readErr(fields: unknown): unknown {
  try {
    return (fields as { err?: unknown }).err;
  } catch {
    return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
