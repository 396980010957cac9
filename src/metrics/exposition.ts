import type { HistogramPoint, MetricFamily } from '../contracts/metrics.js';
import { exposedLabel, exposedName } from './exposed-name.js';

/** A way of writing metrics down. */
export interface Exposition {
  readonly contentType: string;
  write(families: readonly MetricFamily[]): string;
}

/** The text format of Prometheus, 0.0.4: what everybody reads. */
export const prometheusText: Exposition = {
  contentType: 'text/plain; version=0.0.4; charset=utf-8',
  write: (families) => families.map(writePrometheus).join(''),
};

/** OpenMetrics 1.0. Says more about types and units, and its end shows that nothing is missing. */
export const openMetricsText: Exposition = {
  contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  write: (families) => `${families.map(writeOpenMetrics).join('')}# EOF\n`,
};

/** The one that a client asks for in its `Accept` header: OpenMetrics where it is named and not refused, else Prometheus. */
export function acceptedExposition(accept: string | undefined): Exposition {
  const ranges = (accept ?? '').toLowerCase().split(',');
  const wants = ranges.some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    if (type !== 'application/openmetrics-text') return false;
    const version = parameters.find((parameter) => parameter.startsWith('version='));
    return (
      !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)) &&
      (version ?? 'version=1.0.0') === 'version=1.0.0'
    );
  });
  return wants ? openMetricsText : prometheusText;
}

function writePrometheus(family: MetricFamily): string {
  if (family.points.length === 0) return '';
  const { family: name } = exposedName(family);
  const shown = family.kind === 'counter' ? `${name}_total` : name;
  // Here a quotation mark in a help text is left as it is.
  const help = `# HELP ${shown} ${escape(family.description, /[\\\n]/g)}\n`;
  return `${help}# TYPE ${shown} ${family.kind}\n${samples(family, name)}`;
}

function writeOpenMetrics(family: MetricFamily): string {
  if (family.points.length === 0) return '';
  const { family: name, unit } = exposedName(family);
  const unitLine = unit === undefined ? '' : `# UNIT ${name} ${unit}\n`;
  const help = `# HELP ${name} ${escape(family.description)}\n`;
  return `# TYPE ${name} ${family.kind}\n${unitLine}${help}${samples(family, name)}`;
}

function samples(family: MetricFamily, name: string): string {
  let text = '';
  switch (family.kind) {
    case 'counter':
    case 'gauge': {
      const sample = family.kind === 'counter' ? `${name}_total` : name;
      for (const { labels, value } of family.points)
        text += `${sample}${braced(labelsText(labels))} ${numeral(value)}\n`;
      return text;
    }
    case 'histogram':
      for (const point of family.points) text += histogram(name, point);
      return text;
  }
}

function histogram(name: string, { labels, bounds, counts, sum, count }: HistogramPoint): string {
  const own = labelsText(labels);
  const before = own === '' ? '' : `${own},`;
  let text = '';
  let cumulated = 0;
  bounds.forEach((bound, at) => {
    cumulated += counts[at] ?? 0;
    text += `${name}_bucket{${before}le="${canonical(bound)}"} ${cumulated}\n`;
  });
  text += `${name}_bucket{${before}le="+Inf"} ${count}\n`;
  return `${text}${name}_sum${braced(own)} ${numeral(sum)}\n${name}_count${braced(own)} ${count}\n`;
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  let text = '';
  for (const [name, value] of Object.entries(labels)) {
    text += `${text === '' ? '' : ','}${exposedLabel(name)}="${escape(value)}"`;
  }
  return text;
}

function braced(labels: string): string {
  return labels === '' ? '' : `{${labels}}`;
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

function escape(text: string, what = /[\\"\n]/g): string {
  return text.replace(what, (character) => escapes[character] ?? character);
}

/** A bound is part of a series' name, so it is always written alike: `1.0`, not `1`. */
function canonical(bound: number): string {
  return Number.isInteger(bound) && Math.abs(bound) < 1e15 ? `${bound}.0` : String(bound);
}

function numeral(value: number): string {
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  return String(value);
}
