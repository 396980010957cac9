import { PlbaError } from '../errors.js';
import type { JsonValue } from './json-reader.js';

/** What a field of a body may hold: `true` or `false` and nothing that looks like it, or a line of text for people. */
export type FieldKind = 'boolean' | 'text';

/** The fields that a route takes, all of them optional. */
export type FieldKinds = Readonly<Record<string, FieldKind>>;

/** The fields of a body, each of the kind its route asks for. */
export type BodyFields = Readonly<Record<string, boolean | string>>;

const longestText = 500;

/**
 * Reads the fields of a body. An unknown one is refused, not ignored: `{"froce": true}` must not stop a worker gently.
 *
 * @throws PlbaError `CONTROL_BODY_INVALID`, naming the field
 */
export function readFields(kinds: FieldKinds, body: JsonValue): BodyFields {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalid('the body must be a JSON object');
  const fields = Object.create(null) as Record<string, boolean | string>;
  for (const [name, value] of Object.entries(body)) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) throw unknown(name, Object.keys(kinds));
    fields[name] = kind === 'boolean' ? readBoolean(name, value) : readText(name, value);
  }
  return fields;
}

function readBoolean(name: string, value: JsonValue): boolean {
  if (typeof value !== 'boolean') throw invalid(`"${name}" must be true or false`);
  return value;
}

function readText(name: string, value: JsonValue): string {
  if (typeof value !== 'string' || value === '' || value.length > longestText || /\p{Cc}/u.test(value))
    throw invalid(`"${name}" must be a line of text of 1 to ${longestText} characters`);
  return value;
}

function unknown(name: string, known: readonly string[]): PlbaError {
  const shown = JSON.stringify(name.length > 50 ? `${name.slice(0, 50)}…` : name);
  return new PlbaError('CONTROL_BODY_INVALID', `the body has an unknown field ${shown}`, {
    hint: known.length === 0 ? 'this route takes no fields' : `this route takes ${known.join(', ')}`,
  });
}

function invalid(message: string): PlbaError {
  return new PlbaError('CONTROL_BODY_INVALID', message);
}
