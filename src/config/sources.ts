import { readFile, stat } from 'node:fs/promises';
import { basename, extname, isAbsolute, join } from 'node:path';
import { readDotEnv } from './dot-env.js';
import { environmentName, nearest } from './key-names.js';
import { locateKey, locateVariable, type Location } from './locate.js';
import { describeOrigin, merge, nest, toRaw, type Origin, type Raw, type RawMap } from './raw.js';
import type { Group } from './schema.js';
import type { Violation } from './violation.js';

/** Where the layers of a configuration are looked for. */
export interface Sources {
  readonly directory: string;
  readonly profile?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly set: readonly string[];
  readonly overrides: object;
}

const largestFileBytes = 1024 * 1024;
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
  const profile = sources.profile ?? variables.get('PLBA_PROFILE')?.value;
  const layers: Raw[] = await readFiles(sources.directory, variables.get('PLBA_CONFIG')?.value, profile, violations);
  for (const [name, { value, origin }] of variables)
    layers.push(...(await placeVariable(name, value, origin, schema, violations)));
  for (const argument of sources.set) layers.push(...placeArgument(argument, schema, violations));
  layers.push(toRaw(sources.overrides, { kind: 'code', name: '' }));
  let merged: Raw = empty;
  for (const layer of layers) merged = merge(merged, layer);
  return merged.kind === 'map' ? merged : empty;
}

async function readFiles(
  directory: string,
  named: string | undefined,
  profile: string | undefined,
  violations: Violation[],
): Promise<Raw[]> {
  const place = named === undefined ? join(directory, 'config') : isAbsolute(named) ? named : join(directory, named);
  const isFile = await stat(place).then(
    (found) => found.isFile(),
    () => undefined,
  );
  if (isFile === undefined) {
    if (named !== undefined)
      violations.push({
        path: 'PLBA_CONFIG',
        rule: 'must name a file or a folder that exists',
        received: JSON.stringify(named),
      });
    return [];
  }
  if (isFile) return readDocument(place, violations);
  const base = await readFirst(place, 'application', violations);
  if (profile === undefined) return base ?? [];
  const ofProfile = await readFirst(place, `application.${profile}`, violations);
  if (ofProfile === undefined) {
    violations.push({
      path: 'PLBA_PROFILE',
      rule: `names a profile without a file: there is no application.${profile}.yaml`,
      received: JSON.stringify(profile),
      from: place,
    });
  }
  return [...(base ?? []), ...(ofProfile ?? [])];
}

/** The documents of the first of `<name>.yaml`, `.yml`, `.json` that exists; undefined when none does. */
async function readFirst(folder: string, name: string, violations: Violation[]): Promise<Raw[] | undefined> {
  for (const ending of ['.yaml', '.yml', '.json']) {
    const file = join(folder, name + ending);
    if (
      await stat(file).then(
        () => true,
        () => false,
      )
    )
      return readDocument(file, violations);
  }
  return undefined;
}

async function readDocument(file: string, violations: Violation[]): Promise<Raw[]> {
  const refuse = (rule: string): Raw[] => {
    violations.push({ path: file, rule });
    return [];
  };
  try {
    const bytes = await readFile(file);
    if (bytes.length > largestFileBytes)
      return refuse(`must be at most ${largestFileBytes} bytes, and has ${bytes.length}`);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const data: unknown = extname(file) === '.json' ? JSON.parse(text) : await parseYaml(text);
    if (data === undefined || data === null) return [];
    const raw = toRaw(data, { kind: 'file', name: join('config', basename(file)) });
    return raw.kind === 'map' ? [raw] : refuse('must hold an object of sections');
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return refuse(`cannot be read: ${reason}`);
  }
}

async function parseYaml(text: string): Promise<unknown> {
  const { load } = await import('js-yaml');
  const isEmpty = text.split('\n').every((line) => /^\s*(#.*)?$/.test(line));
  return isEmpty ? undefined : load(text);
}

async function readDotEnvFile(
  file: string,
  violations: Violation[],
): Promise<Map<string, { value: string; origin: Origin }>> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return new Map();
  const { variables, mistakes } = readDotEnv(text);
  for (const { line, text: mistake } of mistakes) violations.push({ path: `.env:${line}`, rule: mistake });
  return new Map(
    [...variables].map(([name, { value, line }]) => [
      name,
      { value, origin: { kind: '.env', name: `.env, ${name}`, line } },
    ]),
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
  try {
    const content = (await readFile(value, 'utf8')).replace(/\r?\n$/, '');
    return [nest(ofFile.path, { kind: 'value', value: content, isText: true, origin: { kind: 'secret file', name } })];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    violations.push({ path: name, rule: `must name a file that can be read: ${reason}`, from: describeOrigin(origin) });
    return [];
  }
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
