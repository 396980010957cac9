import { checkFamily, type OpenFamily } from './openmetrics-rules.js';
import { type ReadSample, readSample } from './openmetrics-sample.js';

/** A metric family that was read, with its samples in order. */
export interface ReadFamily {
  readonly name: string;
  readonly type: string;
  readonly unit: string;
  readonly help: string | undefined;
  readonly samples: readonly ReadSample[];
}

const suffixes: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total', '_created'],
  summary: ['_count', '_sum', '', '_created'],
  histogram: ['_count', '_sum', '_bucket', '_created'],
  gaugehistogram: ['_gcount', '_gsum', '_bucket'],
  info: ['_info'],
  stateset: [''],
  gauge: [''],
  unknown: [''],
};

/** Reads a text as OpenMetrics 1.0 wants it to be. Throws at the first thing that is wrong. Knows nothing of who writes it. */
export function readOpenMetrics(text: string): readonly ReadFamily[] {
  const lines = text.replace(/\n$/, '').split('\n');
  if (lines.at(-1) !== '# EOF') throw new Error('no # EOF at the end');
  const families: OpenFamily[] = [];
  const takenNames = new Set<string>();
  let family: OpenFamily | undefined;
  const open = (name: string): OpenFamily => {
    if (family?.name === name) return family;
    if (families.some((known) => known.name === name)) throw new Error(`family ${name} comes twice`);
    family = { name, type: undefined, unit: undefined, help: undefined, samples: [] };
    families.push(family);
    return family;
  };
  for (const line of lines.slice(0, -1)) {
    if (line === '') throw new Error('a blank line');
    if (line === '# EOF') throw new Error('# EOF before the end');
    if (line.startsWith('#')) {
      describe(line, open);
      continue;
    }
    const sample = readSample(line);
    family = ownerOf(sample.name, family, open);
    family.samples.push(sample);
  }
  for (const each of families) {
    for (const suffix of suffixes[each.type ?? 'unknown'] ?? []) {
      const name = `${each.name}${suffix}`;
      if (takenNames.has(name)) throw new Error(`two families have the sample ${name}`);
      takenNames.add(name);
    }
    if (each.type !== undefined && !takenNames.has(each.name)) takenNames.add(each.name);
    checkFamily(each);
  }
  return families.map(({ name, type = 'unknown', unit = '', help, samples }) => ({ name, type, unit, help, samples }));
}

function describe(line: string, open: (name: string) => OpenFamily): void {
  const match = /^# (HELP|TYPE|UNIT) ([a-zA-Z_:][a-zA-Z0-9_:]*)(?: ([^\n]*))?$/.exec(line);
  if (match === null) throw new Error(`a comment that is none: ${line}`);
  const [, kind, name = '', rest] = match;
  const family = open(name);
  if (family.samples.length > 0) throw new Error(`${kind} of ${name} after its samples`);
  switch (kind) {
    case 'HELP':
      if (family.help !== undefined) throw new Error(`HELP of ${name} twice`);
      if (rest === undefined) throw new Error(`HELP of ${name} without a text`);
      family.help = rest;
      return;
    case 'TYPE':
      if (family.type !== undefined) throw new Error(`TYPE of ${name} twice`);
      if (rest === undefined || !(rest in suffixes)) throw new Error(`type ${rest} of ${name}`);
      family.type = rest;
      return;
    default:
      if (family.unit !== undefined) throw new Error(`UNIT of ${name} twice`);
      if (rest === undefined) throw new Error(`UNIT of ${name} without a text`);
      family.unit = rest;
      if (rest !== '' && !name.endsWith(`_${rest}`)) throw new Error(`${name} lacks its unit ${rest}`);
  }
}

function ownerOf(sample: string, current: OpenFamily | undefined, open: (name: string) => OpenFamily): OpenFamily {
  if (current !== undefined) {
    const allowed = suffixes[current.type ?? 'unknown'] ?? [];
    if (allowed.some((suffix) => sample === `${current.name}${suffix}`)) return current;
  }
  return open(sample);
}
