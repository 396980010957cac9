import type { HistogramPoint, MetricFamily } from '../contracts/metrics.js';
import type { MetricDeclaration } from './metric-declaration.js';
import { Series } from './series.js';

/** The buckets of a histogram that are kept elsewhere. */
export type HistogramSource = Pick<HistogramPoint, 'bounds' | 'counts' | 'sum' | 'count'>;

/** Reports every series of a metric that is kept elsewhere. */
export type Read<V> = (report: (labels: Readonly<Record<string, unknown>> | undefined, value: V) => void) => void;

/** Collects a metric whose numbers are kept elsewhere. Of what `read` has thrown only the count of refusals remains. */
export function readObserved<V>(
  declaration: MetricDeclaration,
  read: Read<V>,
  onOverflow: () => void,
  onRefusal: () => void,
): MetricFamily {
  const { kind, name, description, unit } = declaration;
  const series = new Series<{ value: V | undefined }>(declaration, () => ({ value: undefined }), onOverflow);
  try {
    read((labels, value) => {
      const place = series.at(labels);
      if (place === undefined) onRefusal();
      else place.value = merge(place.value, value);
    });
  } catch {
    onRefusal();
    return { kind, name, description, unit, points: [] };
  }
  const points = series.entries().map(({ labels, value: { value } }) => {
    if (typeof value === 'number') return { labels, value };
    const { bounds, counts, sum, count } = value as HistogramSource;
    return { labels, bounds, counts: [...counts], sum, count };
  });
  return { kind, name, description, unit, points } as MetricFamily;
}

// Only what shares the series for what exceeds the limit comes together; what is reported twice otherwise is a sum as well.
function merge<V>(before: V | undefined, value: V): V {
  if (before === undefined) return value;
  if (typeof before === 'number' && typeof value === 'number') return (before + value) as V;
  const a = before as HistogramSource;
  const b = value as HistogramSource;
  return {
    bounds: a.bounds,
    counts: a.counts.map((count, at) => count + (b.counts[at] ?? 0)),
    sum: a.sum + b.sum,
    count: a.count + b.count,
  } as V;
}
