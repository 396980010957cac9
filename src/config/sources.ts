import { join } from 'node:path';
import { readConfigFiles } from './config-files.js';
import { readDotEnv } from './dot-env.js';
import { expandVariables } from './expand-variables.js';
import { environmentName, nearest } from './key-names.js';
import { locateKey, locateVariable, type Location } from './locate.js';
import { describeOrigin, merge, nest, toRaw, type Origin, type Raw, type RawMap } from './raw.js';
import { readTextFile } from './read-text-file.js';
import type { Group } from './schema.js';
import type { Violation } from './violation.js';

/** Where the layers of a configuration are looked for. */
export interface Sources {
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly set: readonly string[];
  readonly overrides: object;
}

const empty: RawMap = { kind: 'map', entries: new Map(), origin: { kind: 'code', name: '' } };

/**
 * Reads all layers, lowest first: files, file of the profile, `.env`, environment, `--set`, code. Whatever cannot be read or
 * placed becomes a violation.
 */
export async function readSources(sources: Sources, schema: Group, violations: Violation[]): Promise<RawMap> {
  const dotEnv = await readDotEnvFile(join(sources.directory, '.env'), violations);
  const variables = new Map(dotEnv);
  for (const [name, value] of Object.entries(sources.env)) {
    if (value !== undefined) variables.set(name, { value, origin: { kind: 'environment', name } });
  }
  const profile = variables.get('PLBA_PROFILE')?.value;
  const { directory } = sources;
  const files = await readConfigFiles({ directory, named: variables.get('PLBA_CONFIG')?.value, profile }, violations);
  const layers: Raw[] = files.map((file) => expandVariables(file, variables, violations));
  for (const [name, { value, origin }] of variables)
    layers.push(...(await placeVariable(name, value, origin, schema, violations)));
  for (const argument of sources.set) layers.push(...placeArgument(argument, schema, violations));
  layers.push(toRaw(sources.overrides, { kind: 'code', name: '' }));
  let merged: Raw = empty;
  for (const layer of layers) merged = merge(merged, layer);
  return merged.kind === 'map' ? merged : empty;
}

async function readDotEnvFile(
  file: string,
  violations: Violation[],
): Promise<Map<string, { value: string; origin: Origin }>> {
  const content = await readTextFile(file);
  if ('rule' in content) {
    if (!content.isMissing) violations.push({ path: '.env', rule: content.rule });
    return new Map();
  }
  const { variables, mistakes } = readDotEnv(content.text);
  for (const { line, text: mistake } of mistakes) violations.push({ path: `.env:${line}`, rule: mistake });
  return new Map(
    [...variables].map(([name, { value, line }]) => [name, { value, origin: { kind: '.env', name, line } }]),
  );
}

/** `INVOICES__LEDGER_URL`: only a name that begins with a section that there is belongs to the configuration. */
async function placeVariable(
  name: string,
  value: string,
  origin: Origin,
  schema: Group,
  violations: Violation[],
): Promise<Raw[]> {
  const segments = name.split('__');
  if (segments.length < 2 || !locateVariable(schema, segments.slice(0, 1)).found) return [];
  const location = locateVariable(schema, segments);
  if (location.found) return [nest(location.path, { kind: 'value', value, isText: true, origin })];
  const ofFile = name.endsWith('_FILE')
    ? locateVariable(schema, name.slice(0, -'_FILE'.length).split('__'))
    : undefined;
  if (ofFile?.found !== true) {
    violations.push(unknownName(name, location, origin));
    return [];
  }
  const content = await readTextFile(value);
  if ('rule' in content) {
    const rule = `must name a file of text: ${value} ${content.rule}`;
    violations.push({ path: name, rule, from: describeOrigin(origin) });
    return [];
  }
  const secret: Origin = { kind: 'secret file', name, through: value };
  return [
    nest(ofFile.path, { kind: 'value', value: content.text.replace(/\r?\n$/, ''), isText: true, origin: secret }),
  ];
}

function placeArgument(argument: string, schema: Group, violations: Violation[]): Raw[] {
  const at = argument.indexOf('=');
  const key = at < 0 ? argument : argument.slice(0, at);
  const origin: Origin = { kind: '--set', name: key };
  if (at <= 0) {
    violations.push({ path: `--set ${key}`, rule: 'must be written as key=value' });
    return [];
  }
  const location = locateKey(schema, key.split('.'));
  if (location.found)
    return [nest(location.path, { kind: 'value', value: argument.slice(at + 1), isText: true, origin })];
  violations.push(unknownName(key, location, origin));
  return [];
}

function unknownName(name: string, location: Location & { found: false }, origin: Origin): Violation {
  const written = name.split(origin.kind === '--set' ? '.' : '__')[location.path.length] ?? name;
  const near = nearest(written, location.knownHere);
  const hint =
    near === undefined
      ? location.knownHere.length > 0 && location.knownHere.length <= 20
        ? `known here are: ${location.knownHere.join(', ')}`
        : undefined
      : `did you mean ${origin.kind === '--set' ? [...location.path, near].join('.') : environmentName([...location.path, near])}?`;
  return {
    path: name,
    rule: 'is unknown: there is no key of this name',
    received: 'a value (not shown)',
    from: describeOrigin(origin),
    ...(hint !== undefined && { hint }),
  };
}
