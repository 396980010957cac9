import type {
  Counter,
  CounterFamily,
  Gauge,
  GaugeFamily,
  Histogram,
  HistogramFamily,
  MetricFamily,
  MetricLabels,
} from '../contracts/metrics.js';
import { BucketCounts } from './bucket-counts.js';
import type { MetricDeclaration } from './metric-declaration.js';
import { Series } from './series.js';

/** A metric that is fed where something happens. */
export abstract class Instrument {
  constructor(readonly declaration: MetricDeclaration) {}

  abstract collect(): MetricFamily;

  /** What every family says. */
  protected facts(): { name: string; description: string; unit: string } {
    const { name, description, unit } = this.declaration;
    return { name, description, unit };
  }
}

/** See {@link Counter}. */
export class CounterInstrument extends Instrument implements Counter<string> {
  private readonly series: Series<{ value: number }>;

  constructor(
    declaration: MetricDeclaration,
    onOverflow: () => void,
    private readonly onRefusal: () => void,
  ) {
    super(declaration);
    this.series = new Series(declaration, () => ({ value: 0 }), onOverflow);
  }

  add(amount = 1, labels?: MetricLabels): void {
    const series = amount >= 0 && amount < Infinity ? this.series.at(labels) : undefined;
    if (series === undefined) this.onRefusal();
    else series.value += amount;
  }

  override collect(): CounterFamily {
    const points = this.series.entries().map(({ labels, value: { value } }) => ({ labels, value }));
    return { kind: 'counter', ...this.facts(), points };
  }
}

/** See {@link Gauge}. */
export class GaugeInstrument extends Instrument implements Gauge<string> {
  private readonly series: Series<{ value: number }>;

  constructor(
    declaration: MetricDeclaration,
    onOverflow: () => void,
    private readonly onRefusal: () => void,
  ) {
    super(declaration);
    this.series = new Series(declaration, () => ({ value: 0 }), onOverflow);
  }

  set(value: number, labels?: MetricLabels): void {
    const series = Number.isFinite(value) ? this.series.at(labels) : undefined;
    if (series === undefined) this.onRefusal();
    else series.value = value;
  }

  remove(labels?: MetricLabels): void {
    this.series.remove(labels);
  }

  override collect(): GaugeFamily {
    const points = this.series.entries().map(({ labels, value: { value } }) => ({ labels, value }));
    return { kind: 'gauge', ...this.facts(), points };
  }
}

/** See {@link Histogram}. */
export class HistogramInstrument extends Instrument implements Histogram<string> {
  private readonly series: Series<BucketCounts>;

  constructor(
    declaration: MetricDeclaration,
    onOverflow: () => void,
    private readonly onRefusal: () => void,
  ) {
    super(declaration);
    this.series = new Series(declaration, () => new BucketCounts(declaration.bounds), onOverflow);
  }

  record(value: number, labels?: MetricLabels): void {
    const series = value >= 0 && value < Infinity ? this.series.at(labels) : undefined;
    if (series === undefined) this.onRefusal();
    else series.record(value);
  }

  override collect(): HistogramFamily {
    const points = this.series.entries().map(({ labels, value: { bounds, counts, sum, count } }) => ({
      labels,
      bounds,
      counts: [...counts],
      sum,
      count,
    }));
    return { kind: 'histogram', ...this.facts(), points };
  }
}
