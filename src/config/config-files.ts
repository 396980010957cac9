import { stat } from 'node:fs/promises';
import { extname, isAbsolute, join, relative } from 'node:path';
import { DocumentError } from './document-error.js';
import type { Raw } from './raw.js';
import { readTextFile } from './read-text-file.js';
import type { Violation } from './violation.js';

/** Where the files of a configuration are looked for. */
export interface ConfigPlace {
  /** What everything is relative to. */
  readonly directory: string;
  /** What `PLBA_CONFIG` says: another file or folder than `config/`. */
  readonly named: string | undefined;
  readonly profile: string | undefined;
}

/** The documents of the configuration's files, lowest first. What cannot be read becomes a violation. */
export async function readConfigFiles(place: ConfigPlace, violations: Violation[]): Promise<Raw[]> {
  const { directory, named, profile } = place;
  const path = named === undefined ? join(directory, 'config') : isAbsolute(named) ? named : join(directory, named);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) {
    if (named !== undefined) {
      const rule = 'must name a file or a folder that exists';
      violations.push({ path: 'PLBA_CONFIG', rule, received: JSON.stringify(named), hint: `looked for ${path}` });
    }
    return [];
  }
  if (found.isFile()) return readDocument(directory, path, violations);
  const base = await readOnly(directory, path, 'application', violations);
  if (profile === undefined) return base ?? [];
  const ofProfile = await readOnly(directory, path, `application.${profile}`, violations);
  if (ofProfile === undefined) {
    violations.push({
      path: 'PLBA_PROFILE',
      rule: `names a profile without a file: there is no application.${profile}.yaml`,
      received: JSON.stringify(profile),
      hint: `looked in ${path}`,
    });
  }
  return [...(base ?? []), ...(ofProfile ?? [])];
}

/** The document called `name`, with whichever ending it has; undefined when there is none. */
async function readOnly(
  directory: string,
  folder: string,
  name: string,
  violations: Violation[],
): Promise<Raw[] | undefined> {
  const endings = ['.yaml', '.yml', '.json'];
  const exist = await Promise.all(endings.map((ending) => stat(join(folder, name + ending)).catch(() => undefined)));
  const files = endings.filter((_, at) => exist[at] !== undefined).map((ending) => join(folder, name + ending));
  const [file, other] = files;
  if (file === undefined) return undefined;
  if (other !== undefined) {
    const rule = `stands beside ${relative(directory, file)}, and only one of them can count`;
    violations.push({ path: relative(directory, other), rule, hint: 'keep one of them' });
  }
  return readDocument(directory, file, violations);
}

async function readDocument(directory: string, file: string, violations: Violation[]): Promise<Raw[]> {
  const name = relative(directory, file);
  const content = await readTextFile(file);
  if ('rule' in content) {
    violations.push({ path: name, rule: content.rule });
    return [];
  }
  try {
    const raw = await parseDocument(content.text, name, extname(file) === '.json');
    if (raw === undefined || (raw.kind === 'value' && raw.value === null)) return [];
    if (raw.kind === 'map') return [raw];
    throw new DocumentError('it must hold an object of sections', raw.origin.line ?? 1);
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    violations.push({ path: `${name}:${error.line}`, rule: `cannot be taken: ${error.message}` });
    return [];
  }
}

/**
 * Reads a document of either kind; undefined when nothing stands in it.
 * @throws DocumentError
 */
export async function parseDocument(text: string, name: string, isJson: boolean): Promise<Raw | undefined> {
  // Loaded when there is one, so that an application without files does not pay for them.
  if (isJson) return (await import('./json-document.js')).readJsonDocument(text, name);
  return (await import('./yaml-document.js')).readYamlDocument(text, name);
}
