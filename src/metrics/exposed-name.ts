import type { MetricFamily } from '../contracts/metrics.js';

/** What Prometheus calls a metric. */
export interface ExposedName {
  /** The name of the family, with its unit: `plba_run_duration_seconds`. A counter's lacks `_total` here. */
  readonly family: string;
  /** The unit as it ends the name; undefined for none. */
  readonly unit: string | undefined;
}

/**
 * OpenTelemetry's units by the words that Prometheus uses, as OpenTelemetry's rules for Prometheus translate them.
 * Annotations in braces (`{run}`) are no units.
 */
const unitWords: Readonly<Record<string, string>> = {
  d: 'days',
  h: 'hours',
  min: 'minutes',
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  ns: 'nanoseconds',
  By: 'bytes',
  KiBy: 'kibibytes',
  MiBy: 'mebibytes',
  GiBy: 'gibibytes',
  '%': 'percent',
  Cel: 'celsius',
  Hz: 'hertz',
  W: 'watts',
  J: 'joules',
  m: 'meters',
  g: 'grams',
};

/** The name under which a metric of OpenTelemetry's spelling is exposed. */
export function exposedName({ name, unit, kind }: Pick<MetricFamily, 'name' | 'unit' | 'kind'>): ExposedName {
  const word = unitWord(unit, kind);
  const base = plainName(name);
  const bare = kind === 'counter' && base.endsWith('_total') ? base.slice(0, -'_total'.length) : base;
  if (word === undefined) return { family: bare, unit: undefined };
  return { family: bare.endsWith(`_${word}`) ? bare : `${bare}_${word}`, unit: word };
}

/** The name of a label as Prometheus spells it: `plba.worker` is `plba_worker`. */
export function exposedLabel(name: string): string {
  const plain = plainName(name);
  return /^\d/.test(plain) ? `_${plain}` : plain;
}

/** Every sample name that a family takes for itself: two families must not share one. */
export function sampleNames(kind: MetricFamily['kind'], family: string): readonly string[] {
  switch (kind) {
    case 'counter':
      return [family, `${family}_total`, `${family}_created`];
    case 'gauge':
      return [family];
    case 'histogram':
      return [family, `${family}_bucket`, `${family}_sum`, `${family}_count`, `${family}_created`];
  }
}

function unitWord(unit: string, kind: MetricFamily['kind']): string | undefined {
  if (unit === '' || unit.startsWith('{')) return undefined;
  if (unit === '1') return kind === 'gauge' ? 'ratio' : undefined;
  return unitWords[unit] ?? (plainName(unit).replace(/^_+|_+$/g, '') || undefined);
}

function plainName(name: string): string {
  return name.replace(/[^A-Za-z0-9]+/g, '_');
}
