import { PlbaError } from '../errors.js';
import { nearest } from './key-names.js';
import { isAllowed } from './scalars.js';
import { type Group, inWords, type Schema } from './schema.js';

/**
 * Refuses options given in code that configuration would refuse as well: TypeScript sees most of it, and JavaScript nothing.
 * Durations are left to whoever reads them, and so is whatever stands under one of `besides`.
 * @param of whose options they are, such as `worker "ledger"`
 * @param besides options that configuration does not have
 * @throws PlbaError `OPTION_INVALID` that names the option, and the nearest known one for an unknown one
 */
export function checkOptions(schema: Group, options: object, of: string, besides: readonly string[] = []): void {
  checkGroup(schema, options, [], of, besides);
}

function checkGroup(schema: Group, options: object, path: readonly string[], of: string, besides: readonly string[]) {
  for (const [key, value] of Object.entries(options) as [string, unknown][]) {
    const field = schema.fields.get(key);
    if (field !== undefined) check(field.schema, value, [...path, key], of);
    else if (!besides.includes(key)) throw unknown([...path, key], of, key, [...besides, ...schema.fields.keys()]);
  }
}

function check(schema: Schema, value: unknown, path: readonly string[], of: string): void {
  if (value === undefined) return;
  switch (schema.kind) {
    case 'group':
      if (typeof value !== 'object' || value === null) throw invalid(schema, value, path, of);
      checkGroup(schema, value, path, of, []);
      return;
    case 'list':
      if (!Array.isArray(value)) throw invalid(schema, value, path, of);
      value.forEach((item: unknown, index) => {
        check(schema.item, item, [...path, String(index)], of);
      });
      return;
    case 'text':
    case 'boolean':
    case 'number':
    case 'integer':
      if (!isAllowed(schema, value)) throw invalid(schema, value, path, of);
      return;
    default:
      return;
  }
}

function unknown(path: readonly string[], of: string, key: string, known: readonly string[]): PlbaError {
  const near = nearest(key, known);
  return new PlbaError('OPTION_INVALID', `${of} has an option "${path.join('.')}", which is unknown`, {
    hint: near === undefined ? `there are: ${known.join(', ')}` : `did you mean ${near}?`,
  });
}

function invalid(schema: Schema, value: unknown, path: readonly string[], of: string): PlbaError {
  const shown = typeof value === 'string' ? JSON.stringify(value) : Array.isArray(value) ? 'a list' : String(value);
  return new PlbaError('OPTION_INVALID', `option "${path.join('.')}" of ${of} is ${shown}`, {
    hint: `it ${inWords(schema)}`,
  });
}
