import { type ReadSample, readNumber } from './openmetrics-sample.js';

/** A family while it is read. */
export interface OpenFamily {
  name: string;
  type: string | undefined;
  unit: string | undefined;
  help: string | undefined;
  samples: ReadSample[];
}

/** What must hold for the samples of a family. */
export function checkFamily(family: OpenFamily): void {
  const { name, type = 'unknown', unit = '', samples } = family;
  if (unit !== '' && (type === 'info' || type === 'stateset')) throw new Error(`${name} is ${type} and has a unit`);
  const groups = new Set<string>();
  const seen = new Map<string, number | undefined>();
  let group: string | undefined;
  let groupTimestamps: (number | undefined)[] = [];
  const byGroup = new Map<string, ReadSample[]>();
  for (const sample of samples) {
    checkSample(family, sample);
    const own = groupOf(type, name, sample);
    if (own !== group) {
      if (groups.has(own)) throw new Error(`series of ${name} are interleaved: ${own}`);
      groups.add(own);
      group = own;
      groupTimestamps = [];
    }
    const key = `${sample.name}${keyOf(sample.labels)}`;
    if (seen.has(key)) {
      const before = seen.get(key);
      if (before === undefined || sample.timestamp === undefined) throw new Error(`${key} comes twice`);
      if (sample.timestamp < before && type !== 'info' && type !== 'stateset')
        throw new Error(`${key} goes back in time`);
    }
    const last = groupTimestamps.at(-1);
    if (groupTimestamps.length > 0) {
      if ((last === undefined) !== (sample.timestamp === undefined))
        throw new Error(`${name} has timestamps on some only`);
      if (last !== undefined && sample.timestamp !== undefined && sample.timestamp < last)
        throw new Error(`${name}: time`);
    }
    groupTimestamps.push(sample.timestamp);
    // A second point in time of the same series is a group of its own.
    if (!seen.has(key) || sample.timestamp !== seen.get(key)) {
      const point = `${own}@${sample.timestamp ?? ''}`;
      byGroup.set(point, [...(byGroup.get(point) ?? []), sample]);
    }
    seen.set(key, sample.timestamp);
  }
  for (const each of byGroup.values()) {
    if (type === 'histogram' || type === 'gaugehistogram') checkBuckets(name, type, each);
  }
}

function groupOf(type: string, name: string, sample: ReadSample): string {
  const labels = new Map(sample.labels);
  if ((type === 'histogram' || type === 'gaugehistogram') && sample.name === `${name}_bucket`) labels.delete('le');
  if (type === 'summary' && sample.name === name) labels.delete('quantile');
  if (type === 'stateset') labels.delete(name);
  return keyOf(labels);
}

function keyOf(labels: ReadonlyMap<string, string>): string {
  return JSON.stringify([...labels].sort());
}

function checkSample({ name, type = 'unknown' }: OpenFamily, sample: ReadSample): void {
  const { value, labels, hasExemplar } = sample;
  const suffix = sample.name.slice(name.length);
  const refuse = (what: string): never => {
    throw new Error(`${sample.name} ${what}`);
  };
  const isCount = ['_count', '_bucket', '_gcount'].includes(suffix);
  const accumulates =
    (type === 'counter' && suffix === '_total') ||
    ((type === 'histogram' || type === 'summary') && ['_count', '_sum', '_bucket'].includes(suffix)) ||
    (type === 'gaugehistogram' && ['_gcount', '_bucket'].includes(suffix));
  if (accumulates && (Number.isNaN(value) || value < 0)) refuse(`is ${value}`);
  if (isCount && type !== 'unknown' && type !== 'gauge' && !Number.isInteger(value)) refuse('is no whole number');
  if (type === 'gaugehistogram' && suffix === '_gsum' && Number.isNaN(value)) refuse('is no number');
  if (type === 'info' && value !== 1) refuse(`is ${value}`);
  if (type === 'stateset') {
    if (value !== 0 && value !== 1) refuse(`is ${value}`);
    if (!labels.has(name)) refuse('does not name its state');
  }
  if (suffix === '_bucket' && type.endsWith('histogram')) {
    const le = labels.get('le');
    if (le === undefined || Number.isNaN(readNumber(le))) refuse('has no bound');
    if (le !== '+Inf' && readNumber(le ?? '') === Infinity) refuse(`has the bound ${le}`);
  }
  if (type === 'summary' && suffix === '') {
    const quantile = labels.get('quantile');
    if (quantile === undefined) refuse('has no quantile');
    const part = readNumber(quantile ?? '');
    if (!(part >= 0 && part <= 1)) refuse(`has the quantile ${quantile}`);
    if (value < 0) refuse(`is ${value}`);
  }
  if (hasExemplar) {
    const may = (type.endsWith('histogram') && suffix === '_bucket') || (type === 'counter' && suffix === '_total');
    if (!may) refuse('has an exemplar');
  }
}

function checkBuckets(name: string, type: string, samples: readonly ReadSample[]): void {
  const buckets = samples.filter((sample) => sample.name === `${name}_bucket`);
  const [sumName, countName] = type === 'histogram' ? ['_sum', '_count'] : ['_gsum', '_gcount'];
  const sum = samples.find((sample) => sample.name === `${name}${sumName}`);
  const count = samples.find((sample) => sample.name === `${name}${countName}`);
  if (samples.every((sample) => sample.name === `${name}_created`))
    throw new Error(`${name} has nothing but its creation`);
  let bound = -Infinity;
  let cumulated = 0;
  let hasNegative = false;
  for (const { labels, value } of buckets) {
    const le = readNumber(labels.get('le') ?? '');
    if (le <= bound && bound !== -Infinity) throw new Error(`the bounds of ${name} do not grow`);
    if (value < cumulated) throw new Error(`the buckets of ${name} are not cumulated`);
    if (le < 0) hasNegative = true;
    bound = le;
    cumulated = value;
  }
  if (bound !== Infinity) throw new Error(`${name} has no bucket for all`);
  if (count !== undefined && count.value !== cumulated)
    throw new Error(`${name}: the count is not that of the buckets`);
  if ((sum === undefined) !== (count === undefined)) {
    if (!(hasNegative && type === 'histogram' && sum === undefined))
      throw new Error(`${name} has a sum or a count, not both`);
  }
  if (hasNegative && type === 'histogram' && sum !== undefined)
    throw new Error(`${name} has negative bounds and a sum`);
  if (!hasNegative && sum !== undefined && sum.value < 0) throw new Error(`${name} has a negative sum`);
}
