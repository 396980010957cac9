import type { Newable } from 'inversify';
import type { ValidationError } from 'class-validator';
import { PlbaError } from '../errors.js';
import type { SecretVault } from '../secrets/secret-vault.js';
import type { ConfigEntry } from '../contracts/config-report.js';
import { broken, StructureCheck } from './check.js';
import { ClassReader, loadClassLibraries, type ClassLibraries } from './class-schema.js';
import { secretFieldsOf, sectionOf } from './decorators.js';
import { platformSchema, platformSettings, type PlatformSettings } from './platform-settings.js';
import type { RawMap } from './raw.js';
import type { Field, Group } from './schema.js';
import { readSources, type Sources } from './sources.js';
import { show } from './shown.js';
import { ConfigurationError, howToSet, howToSetInside, type Violation } from './violation.js';

/** What a configuration is loaded from, and for whom. */
export interface ConfigurationRequest extends Sources {
  /** Classes tagged with `@configuration()`. */
  readonly sections: readonly Newable<object>[];
  /** The workers that `plba.workers` can speak of. */
  readonly workerNames: readonly string[];
  /** The health contributors that `plba.health.contributors` can speak of. Default: any. */
  readonly contributorNames?: readonly string[];
  /** What is wrong with settings of the platform whose shape is right. Default: nothing. */
  readonly platformMistakes?: (settings: PlatformSettings) => Promise<readonly Violation[]>;
  /** Where secret values are made known. */
  readonly vault: SecretVault;
}

/** A configuration that breaks no rule. */
export interface LoadedConfiguration {
  readonly settings: PlatformSettings;
  /** The frozen instance of a configuration class. */
  instance<T extends object>(type: Newable<T>): T;
  /** Every effective value with its source, in order of declaration; secrets masked. */
  entries(): readonly ConfigEntry[];
  /** What is really in force at the path of an entry, secrets too: for comparing, never for showing. */
  valueAt(path: string): unknown;
}

/**
 * Reads, checks and validates all of the configuration before anything else happens.
 * @throws ConfigurationError with every violation there is; `DECORATOR_MISUSED` for a class that is no configuration
 */
export async function loadConfiguration(request: ConfigurationRequest): Promise<LoadedConfiguration> {
  const sections = sectionNames(request.sections);
  const libraries = sections.size === 0 ? undefined : await loadClassLibraries();
  const schema = wholeSchema(sections, request, libraries);

  const violations: Violation[] = [];
  const raw = await readSources(request, schema, violations);
  const check = new StructureCheck(request.vault);
  const values = checkSections(schema, raw, check);
  // What could not be put into a value has been said, and explains what is wrong with it.
  const unexpanded = new Set(violations.map(({ path }) => path));
  violations.push(...check.violations.filter(({ path }) => !unexpanded.has(path)));
  if (libraries !== undefined) {
    const known = new Set(violations.map(({ path }) => path));
    for (const [type, section] of sections) {
      const instance = values.get(section);
      if (!(instance instanceof type)) continue;
      const broken = await validate(libraries, instance, [section], known);
      violations.push(...broken.map((violation) => ({ ...violation, ...placeOf(violation.path, check) })));
    }
  }
  const settings = platformSettings(values.get('plba') ?? {});
  const mistakes = (await request.platformMistakes?.(settings)) ?? [];
  const shapes = violations.map(({ path }) => path);
  for (const mistake of mistakes) {
    // A part that does not have the right shape has been looked at without what is wrong with it.
    if (shapes.some((path) => path.startsWith(`${mistake.path}.`) || path === mistake.path)) continue;
    const isObject = check.entries.some(({ path }) => path.startsWith(`${mistake.path}.`));
    const hint = (isObject ? howToSetInside : howToSet)(mistake.path.split('.'));
    violations.push({ hint, ...placeOf(mistake.path, check), ...mistake });
  }
  if (violations.length > 0) throw new ConfigurationError(violations, (text) => request.vault.scrub(text));

  const seen = new Set<object>();
  freeze(settings, seen);
  for (const value of values.values()) freeze(value, seen);
  return {
    settings,
    instance: <T extends object>(type: Newable<T>): T => {
      const instance = values.get(sections.get(type) ?? '');
      if (instance instanceof type) return instance;
      throw new PlbaError('BINDING_MISSING', `class ${type.name} is no configuration of this application`, {
        hint: 'list it with module.config()',
      });
    },
    entries: () => check.entries,
    valueAt: (path) => check.valueAt(path),
  };
}

function sectionNames(types: readonly Newable<object>[]): Map<Newable<object>, string> {
  const sections = new Map<Newable<object>, string>();
  const owners = new Map<string, string>();
  for (const type of types) {
    const section = sectionOf(type);
    if (section === undefined) {
      throw new PlbaError(
        'DECORATOR_MISUSED',
        `class ${type.name} is listed as a configuration, and it is not tagged with @configuration()`,
        {
          hint: "put @configuration('<section>') above the class",
        },
      );
    }
    const owner = owners.get(section);
    if (owner !== undefined) {
      throw new PlbaError(
        'DECORATOR_MISUSED',
        `two classes describe section "${section}" of the configuration: ${owner} and ${type.name}`,
        {
          hint: 'give one of them another section',
        },
      );
    }
    owners.set(section, type.name);
    sections.set(type, section);
  }
  return sections;
}

function wholeSchema(
  sections: ReadonlyMap<Newable<object>, string>,
  { workerNames, contributorNames }: ConfigurationRequest,
  libraries: ClassLibraries | undefined,
): Group {
  const fields = new Map<string, Field>([['plba', { schema: platformSchema(workerNames, contributorNames) }]]);
  if (libraries !== undefined) {
    const reader = new ClassReader(libraries);
    for (const [type, section] of sections) fields.set(section, { schema: reader.read(type) });
  }
  return { kind: 'group', fields };
}

// Section by section, so that one that is broken does not hide what is wrong with another. A section that nobody wrote is read
// as an empty one: its required fields are missing.
function checkSections(schema: Group, raw: RawMap, check: StructureCheck): Map<string, unknown> {
  check.refuseUnknown(raw, schema.fields.keys(), [], 'section');
  const values = new Map<string, unknown>();
  for (const [section, field] of schema.fields) {
    const written = raw.entries.get(section) ?? { kind: 'map' as const, entries: new Map(), origin: raw.origin };
    const value = check.read(field.schema, written, [section]);
    if (value !== broken) values.set(section, value);
  }
  return values;
}

async function validate(
  { validator }: ClassLibraries,
  instance: object,
  path: readonly string[],
  known: ReadonlySet<string>,
): Promise<Violation[]> {
  const options = { forbidUnknownValues: false, validationError: { target: false } };
  const errors = await validator.validate(instance, options);
  return flatten(errors, instance, path).filter(
    ({ path: at }) => !known.has(at) && ![...known].some((outer) => at.startsWith(`${outer}.`)),
  );
}

/** Where a value came from that breaks a rule, if it was written anywhere. */
function placeOf(path: string, check: StructureCheck): Pick<Violation, 'from'> {
  const written = check.entries.filter(({ isDefault }) => !isDefault);
  const entry = written.find((each) => each.path === path) ?? written.find((each) => each.path.startsWith(`${path}.`));
  return entry === undefined ? {} : { from: entry.source };
}

function flatten(errors: readonly ValidationError[], owner: object, path: readonly string[]): Violation[] {
  return errors.flatMap((error) => {
    const at = [...path, error.property];
    const value: unknown = error.value;
    const rules = Object.values(error.constraints ?? {});
    const isSecret = secretFieldsOf(owner.constructor).has(error.property);
    const own = rules.map((rule): Violation => ({
      path: at.join('.'),
      rule: rule.replace(`${error.property} `, ''),
      received: isSecret ? 'a secret (not shown)' : show(value),
      hint: howToSet(at),
    }));
    const inner = typeof value === 'object' && value !== null ? flatten(error.children ?? [], value, at) : [];
    return [...own, ...inner];
  });
}

/** Freezes it through and through: what one component was given, another cannot change. */
function freeze(value: unknown, seen: Set<object>): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  Object.freeze(value);
  for (const inner of Object.values(value)) freeze(inner, seen);
}
