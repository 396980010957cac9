/** An error as plain data: safe to write down, whatever was thrown. */
export interface ErrorFields {
  /** Name of the class, such as `TypeError`. */
  readonly type: string;
  readonly message: string;
  /** A stable code, where the error has one: `ECONNREFUSED`, `CONFIG_INVALID`. */
  readonly code?: string | number;
  readonly stack?: string;
  /** The error behind it. */
  readonly cause?: ErrorFields;
  /** The errors that an `AggregateError` put together. */
  readonly errors?: readonly ErrorFields[];
  /** Further facts the error carries: own properties with a string, number or boolean. */
  readonly [fact: string]: unknown;
}

const maxCauses = 8;
const maxErrors = 10;
const maxFacts = 20;
const maxCharacters = 8192;
const ownNames = new Set(['type', 'name', 'message', 'code', 'stack', 'cause', 'errors']);

/**
 * Reads an error without trusting it: a throwing getter, a cyclic cause, a proxy or a thrown string gives fields all the
 * same. Of an error's own properties only plain facts are taken (a database error's `detail`, say), never objects: those
 * hold requests with their credentials and sockets with the whole process behind them.
 */
export function errorFields(thrown: unknown): ErrorFields {
  return fieldsOf(thrown, []);
}

/** The message of an error, or a text for whatever else was thrown. Never throws, never empty. */
export function errorMessage(thrown: unknown): string {
  return messageOf(thrown);
}

function fieldsOf(thrown: unknown, seen: readonly unknown[]): ErrorFields {
  const fields: Record<string, unknown> = { type: typeOf(thrown), message: messageOf(thrown) };
  if (!isObject(thrown)) return fields as ErrorFields;
  const code = property(thrown, 'code');
  if (typeof code === 'string' || typeof code === 'number') fields['code'] = code;
  addFacts(fields, thrown);
  const stack = property(thrown, 'stack');
  if (typeof stack === 'string') fields['stack'] = cut(stack);
  const path = [...seen, thrown];
  const cause = property(thrown, 'cause');
  if (cause !== undefined && cause !== null) fields['cause'] = relative(cause, path);
  const errors = property(thrown, 'errors');
  if (Array.isArray(errors)) fields['errors'] = errors.slice(0, maxErrors).map((error) => relative(error, path));
  return fields as ErrorFields;
}

function relative(thrown: unknown, path: readonly unknown[]): ErrorFields {
  if (path.includes(thrown)) return { type: typeOf(thrown), message: '[circular]' };
  if (path.length > maxCauses) return { type: typeOf(thrown), message: '[more]' };
  return fieldsOf(thrown, path);
}

function addFacts(fields: Record<string, unknown>, error: object): void {
  let keys: string[];
  try {
    keys = Object.keys(error);
  } catch {
    return;
  }
  let count = 0;
  for (const key of keys) {
    if (ownNames.has(key) || key === '__proto__') continue;
    const value = property(error, key);
    if (typeof value === 'string') fields[key] = cut(value);
    else if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) fields[key] = value;
    else continue;
    if (++count >= maxFacts) return;
  }
}

function typeOf(thrown: unknown): string {
  if (!isObject(thrown)) return thrown === null ? 'null' : typeof thrown;
  const name = property(thrown, 'name');
  if (typeof name === 'string' && name !== '') return cut(name);
  const constructor = property(thrown, 'constructor');
  const className = typeof constructor === 'function' ? property(constructor, 'name') : undefined;
  return typeof className === 'string' && className !== '' ? cut(className) : 'object';
}

function messageOf(thrown: unknown): string {
  if (isObject(thrown)) {
    const message = property(thrown, 'message');
    if (typeof message === 'string' && message !== '') return cut(message);
    return `no message (${typeOf(thrown)})`;
  }
  return cut(String(thrown)) || 'no message (empty string)';
}

function property(value: object, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function cut(text: string): string {
  return text.length <= maxCharacters ? text : `${text.slice(0, maxCharacters)}…`;
}
