import type { BodyFieldKind } from '../../contracts/control-route.js';
import { PlbaError } from '../../errors.js';
import { parseDuration } from '../../time/duration.js';
import type { JsonObject, JsonValue } from './json-reader.js';

/** The fields that a route takes. */
export type FieldKinds = Readonly<Record<string, BodyFieldKind>>;

/** The fields of a body, each of the kind its route asks for. */
export type BodyFields = Readonly<Record<string, JsonValue>>;

/** Characters of the longest text that a field takes. */
export const longestText = 500;

/**
 * Reads the fields of a body. An unknown one is refused, not ignored: `{"froce": true}` must not stop a worker gently.
 *
 * @param kinds the fields that the route takes; `object` for any
 * @throws PlbaError `CONTROL_BODY_INVALID`, naming the field
 */
export function readFields(kinds: FieldKinds | 'object', body: JsonValue): BodyFields {
  if (!isObject(body)) throw invalid('the body must be a JSON object');
  if (kinds === 'object') return body;
  const fields = Object.create(null) as Record<string, JsonValue>;
  for (const [name, value] of Object.entries(body)) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) throw unknown(name, Object.keys(kinds));
    fields[name] = readField(kind, name, value);
  }
  return fields;
}

/**
 * Refuses a body that lacks a field.
 * @throws PlbaError `CONTROL_BODY_INVALID`, naming the field
 */
export function requireFields(required: readonly string[], fields: BodyFields): void {
  const missing = required.find((name) => !Object.hasOwn(fields, name));
  if (missing === undefined) return;
  throw new PlbaError('CONTROL_BODY_INVALID', `"${missing}" is missing`, {
    hint: `this route needs ${required.join(', ')}`,
  });
}

/** Whether a text can be a reason or another line for people: not empty, not too long, no control characters. */
export function isLine(text: string): boolean {
  return text !== '' && text.length <= longestText && !/\p{Cc}/u.test(text);
}

function readField(kind: BodyFieldKind, name: string, value: JsonValue): JsonValue {
  switch (kind) {
    case 'boolean':
      if (typeof value !== 'boolean') throw invalid(`"${name}" must be true or false`);
      return value;
    case 'text':
      if (typeof value !== 'string' || !isLine(value))
        throw invalid(`"${name}" must be a line of text of 1 to ${longestText} characters`);
      return value;
    case 'duration':
      if (!isDuration(value)) throw invalid(`"${name}" must be a duration: milliseconds, or text such as "10m"`);
      return value;
  }
}

function isDuration(value: JsonValue): boolean {
  try {
    parseDuration(value as number, 'a field of the body');
    return true;
  } catch {
    return false;
  }
}

function isObject(body: JsonValue): body is JsonObject {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}

function unknown(name: string, known: readonly string[]): PlbaError {
  // Not the beginning of a long one: half of a secret would not be known as one.
  const shown = name.length > 50 ? `with a name of ${name.length} characters` : JSON.stringify(name);
  return new PlbaError('CONTROL_BODY_INVALID', `the body has an unknown field ${shown}`, {
    hint: known.length === 0 ? 'this route takes no fields' : `this route takes ${known.join(', ')}`,
  });
}

function invalid(message: string): PlbaError {
  return new PlbaError('CONTROL_BODY_INVALID', message);
}
