import { clip } from '../plain/plain-value.js';
import type { MetricDeclaration } from './metric-declaration.js';

/** The label of the series that takes what exceeds the limit, in OpenTelemetry's spelling. */
export const overflowLabels: Readonly<Record<string, string>> = { 'otel.metric.overflow': 'true' };

/** Label values come from anywhere. What is longer says no more to anybody. */
const longestValue = 200;

interface Entry<V> {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: V;
}

/** The series of one metric, by the values of their labels. Their number is bounded by the limit of the metric, and one. */
export class Series<V> {
  private readonly byKey = new Map<string, Entry<V>>();
  private overflow: Entry<V> | undefined;

  /** @param onOverflow called for each value that finds no place of its own */
  constructor(
    private readonly of: MetricDeclaration,
    private readonly make: () => V,
    private readonly onOverflow: () => void,
  ) {}

  /** The series of these labels; undefined when a label is missing. */
  at(labels: Readonly<Record<string, unknown>> | undefined): V | undefined {
    const values = this.valuesOf(labels);
    if (values === undefined) return undefined;
    const key = keyOf(values);
    const known = this.byKey.get(key);
    if (known !== undefined) return known.value;
    if (this.byKey.size >= this.of.limit) {
      this.onOverflow();
      return (this.overflow ??= { labels: overflowLabels, value: this.make() }).value;
    }
    const entry = {
      labels: Object.fromEntries(this.of.labels.map((name, at) => [name, values[at] ?? ''])),
      value: this.make(),
    };
    this.byKey.set(key, entry);
    return entry.value;
  }

  remove(labels: Readonly<Record<string, unknown>> | undefined): void {
    const values = this.valuesOf(labels);
    if (values !== undefined) this.byKey.delete(keyOf(values));
  }

  entries(): Entry<V>[] {
    const entries = [...this.byKey.values()];
    if (this.overflow !== undefined) entries.push(this.overflow);
    return entries;
  }

  private valuesOf(labels: Readonly<Record<string, unknown>> | undefined): string[] | undefined {
    const values: string[] = [];
    for (const name of this.of.labels) {
      const value = labels?.[name];
      if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
      values.push(clip(String(value), longestValue));
    }
    return values;
  }
}

// The length in front keeps values apart that hold the separator.
function keyOf(values: readonly string[]): string {
  const [only] = values;
  if (only === undefined) return '';
  return values.length === 1 ? only : values.map((value) => `${value.length}:${value}`).join('');
}
