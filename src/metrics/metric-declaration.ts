import type { HistogramOptions, MetricFamily } from '../contracts/metrics.js';
import { PlbaError } from '../errors.js';
import { durationBounds } from './bucket-counts.js';
import { exposedLabel } from './exposed-name.js';

/** What a metric was declared as, checked and with defaults. */
export interface MetricDeclaration {
  readonly kind: MetricFamily['kind'];
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly labels: readonly string[];
  readonly limit: number;
  /** Of a histogram; empty for the others. */
  readonly bounds: readonly number[];
}

// OpenTelemetry's syntax of instrument names.
const nameForm = /^[A-Za-z][A-Za-z0-9_.\-/]{0,254}$/;
const labelForm = /^[A-Za-z_][A-Za-z0-9_.\-/]{0,254}$/;
const defaultLimit = 2_000;

/** Checks what a metric is declared as. @throws `METRIC_INVALID` */
export function declareMetric(
  kind: MetricFamily['kind'],
  name: string,
  { description = name, unit = '', labels = [], limit = defaultLimit, buckets }: HistogramOptions,
): MetricDeclaration {
  const refuse = (what: string, hint: string): never => {
    throw new PlbaError('METRIC_INVALID', `metric ${JSON.stringify(name)} ${what}`, { hint });
  };
  if (!nameForm.test(name))
    refuse('has no valid name', 'a letter, then letters, digits, dots, _ - and /: "invoices.posted"');
  if (!/^[\x20-\x7e]{0,63}$/.test(unit))
    refuse('has no valid unit', 'OpenTelemetry\'s spelling: "s", "By", "{invoice}"');
  for (const label of labels) {
    if (!labelForm.test(label))
      refuse(`has the label ${JSON.stringify(label)}`, 'a letter, then letters, digits, dots and _');
    if (exposedLabel(label) === 'le')
      refuse('has the label "le"', 'Prometheus keeps this name for the bounds of buckets');
  }
  if (new Set(labels.map(exposedLabel)).size < labels.length) {
    refuse('has two labels that Prometheus would call the same', 'let them differ by more than dots');
  }
  if (!(limit >= 1)) refuse(`has the limit ${limit}`, 'it keeps at least one series');
  const bounds = kind === 'histogram' ? (buckets ?? durationBounds) : [];
  if (!bounds.every((bound, at) => Number.isFinite(bound) && bound >= 0 && bound > (bounds[at - 1] ?? -1))) {
    refuse(
      'has buckets that do not grow',
      'list the upper bounds from small to large, without negative ones and infinity',
    );
  }
  return { kind, name, description, unit, labels: [...labels], limit, bounds: [...bounds] };
}

/** Whether two declarations mean the same metric. Their descriptions may differ. */
export function isSameMetric(a: MetricDeclaration, b: MetricDeclaration): boolean {
  return (
    a.kind === b.kind &&
    a.name === b.name &&
    a.unit === b.unit &&
    a.labels.join() === b.labels.join() &&
    a.bounds.join() === b.bounds.join()
  );
}
