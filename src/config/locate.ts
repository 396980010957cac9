import { constantCase } from './key-names.js';
import type { Schema } from './schema.js';

/** Where written segments lead in a schema: a path of keys; `knownHere` lists the keys at the point where they lead nowhere. */
export type Location =
  | { readonly found: true; readonly path: readonly string[] }
  | { readonly found: false; readonly path: readonly string[]; readonly knownHere: readonly string[] };

/**
 * The path that an environment variable names. `LEDGER_URL` is the key `ledgerUrl` or `ledger-url`, whichever there is, so the
 * schema decides and abbreviations and digits in keys need no rule.
 */
export function locateVariable(schema: Schema, segments: readonly string[]): Location {
  return follow(
    schema,
    segments,
    (key, segment) => constantCase(key) === segment,
    (segment) => segment.toLowerCase().replaceAll('_', '-'),
  );
}

/** The path that a dotted key names. A name in a table, such as that of a worker, may have dots itself. */
export function locateKey(schema: Schema, segments: readonly string[]): Location {
  return follow(
    schema,
    segments,
    (key, segment) => key === segment,
    (segment) => segment,
  );
}

function follow(
  schema: Schema,
  segments: readonly string[],
  matches: (key: string, segment: string) => boolean,
  nameFrom: (segment: string) => string,
  path: readonly string[] = [],
): Location {
  const [segment] = segments;
  if (segment === undefined) return { found: true, path };
  const keys = keysOf(schema);
  if (keys === undefined) {
    const inner = namedSchema(schema);
    if (inner === undefined) return { found: false, path, knownHere: [] };
    return follow(inner, segments.slice(1), matches, nameFrom, [...path, nameFrom(segment)]);
  }
  for (const [key, inner] of keys) {
    // Longest first is not needed: of two names of which one is the beginning of the other, the rest decides.
    const length = key.split('.').length;
    const written = matches(key, segment) ? 1 : length > 1 && segments.slice(0, length).join('.') === key ? length : 0;
    if (written === 0) continue;
    const location = follow(inner, segments.slice(written), matches, nameFrom, [...path, key]);
    if (location.found || written === 1) return location;
  }
  return { found: false, path, knownHere: [...keys.keys()] };
}

/** What is behind a name that the schema does not list. */
function namedSchema(schema: Schema): Schema | undefined {
  if (schema.kind === 'table') return schema.value;
  return schema.kind === 'either' ? schema.named.value : undefined;
}

/** The keys of a schema and what is behind each; undefined where any name will do, or none. */
function keysOf(schema: Schema): ReadonlyMap<string, Schema> | undefined {
  switch (schema.kind) {
    case 'group':
      return new Map([...schema.fields].map(([key, field]) => [key, field.schema]));
    case 'choice':
      return new Map([...schema.groups.values()].flatMap((choice) => [...(keysOf(choice) ?? [])]));
    case 'table':
      return schema.names && new Map(schema.names.known.map((name) => [name, schema.value]));
    default:
      return undefined;
  }
}
