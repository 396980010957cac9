/** A sample line that was read. */
export interface ReadSample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
  readonly timestamp: number | undefined;
  readonly hasExemplar: boolean;
}

const number = /^[+-]?(?:inf|nan|infinity|(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)$/i;

/** A number as OpenMetrics writes it. */
export function readNumber(text: string): number {
  if (!number.test(text)) throw new Error(`not a number: ${text}`);
  const lower = text.toLowerCase();
  if (/inf/.test(lower)) return lower.startsWith('-') ? -Infinity : Infinity;
  return lower.endsWith('nan') ? NaN : Number(lower);
}

/** Reads a line that is no comment. */
export function readSample(line: string): ReadSample {
  const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(line)?.[0];
  if (name === undefined) throw new Error(`no sample: ${line}`);
  let rest = line.slice(name.length);
  let labels = new Map<string, string>();
  if (rest.startsWith('{')) [labels, rest] = readLabels(rest);
  const hash = rest.indexOf(' # ');
  const [own, exemplar] = hash < 0 ? [rest, undefined] : [rest.slice(0, hash), rest.slice(hash + 3)];
  const [value, timestamp] = readValue(own);
  if (exemplar !== undefined) readExemplar(exemplar);
  return { name, labels, value, timestamp, hasExemplar: exemplar !== undefined };
}

function readValue(text: string): [number, number | undefined] {
  const match = /^ (\S+)(?: (\S+))?$/.exec(text);
  if (match === null) throw new Error(`no value: ${text}`);
  const timestamp = match[2] === undefined ? undefined : readNumber(match[2]);
  if (timestamp !== undefined && !Number.isFinite(timestamp)) throw new Error(`timestamp ${match[2]}`);
  return [readNumber(match[1] ?? ''), timestamp];
}

function readExemplar(text: string): void {
  if (!text.startsWith('{')) throw new Error('an exemplar without labels');
  const [labels, rest] = readLabels(text);
  const length = [...labels].reduce((sum, [name, value]) => sum + Array.from(name + value).length, 0);
  if (length > 128) throw new Error('an exemplar with too much text');
  readValue(rest);
}

const labelForm = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n]|\\[^"\\n])*)"/;

function readLabels(text: string): [Map<string, string>, string] {
  const labels = new Map<string, string>();
  let rest = text.slice(1);
  while (!rest.startsWith('}')) {
    const match = labelForm.exec(rest);
    if (match === null) throw new Error(`no label: ${rest}`);
    const [whole, name = '', value = ''] = match;
    if (labels.has(name)) throw new Error(`label ${name} twice`);
    labels.set(
      name,
      value.replace(/\\(["\\n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped)),
    );
    rest = rest.slice(whole.length);
    if (rest.startsWith(',')) {
      rest = rest.slice(1);
      if (rest.startsWith('}') || rest === '') throw new Error('a comma at the end of labels');
    } else if (!rest.startsWith('}')) throw new Error(`after a label: ${rest}`);
  }
  return [labels, rest.slice(1)];
}
