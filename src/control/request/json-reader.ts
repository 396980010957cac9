import { PlbaError } from '../../errors.js';
import { type JsonBuilder, readJsonText } from '../../plain/read-json-text.js';

/** A value of JSON. Objects have no prototype. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** An object of JSON, without a prototype. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

const builder: Omit<JsonBuilder<JsonValue>, 'maxDepth'> = {
  value: (value) => value,
  list: (items) => items,
  object: (entries) => Object.assign(Object.create(null) as JsonObject, Object.fromEntries(entries)),
  invalid: (what, at) =>
    new PlbaError('CONTROL_BODY_INVALID', `the body is not the JSON it should be: ${what}, at ${at}`),
  refusedKeys: new Set(['__proto__']),
};

/**
 * Reads a JSON text strictly, see {@link readJsonText}: no key twice, no `__proto__`, at most `maxDepth` levels.
 *
 * @throws PlbaError `CONTROL_BODY_INVALID`, naming the character at which it stopped
 */
export function readJson(text: string, maxDepth: number): JsonValue {
  return readJsonText(text, { ...builder, maxDepth });
}
