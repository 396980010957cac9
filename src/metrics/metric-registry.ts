import type {
  Counter,
  Gauge,
  Histogram,
  HistogramOptions,
  MetricFamily,
  MetricLabels,
  MetricOptions,
  Metrics,
} from '../contracts/metrics.js';
import { PlbaError } from '../errors.js';
import { exposedName, sampleNames } from './exposed-name.js';
import { declareMetric, isSameMetric, type MetricDeclaration } from './metric-declaration.js';
import { type Instrument, CounterInstrument, GaugeInstrument, HistogramInstrument } from './instruments.js';
import { readObserved, type Read } from './observed-metric.js';
import type { HistogramSource } from './observed-metric.js';

/** The metrics of one application: declared once, fed or read, and collected whole whenever somebody asks. */
export class MetricRegistry implements Metrics {
  private readonly metrics = new Map<
    string,
    { readonly declaration: MetricDeclaration; readonly collect: () => MetricFamily }
  >();
  private readonly instruments = new Map<string, Instrument>();
  /** Sample names as Prometheus sees them, and the metric that has taken each. */
  private readonly taken = new Map<string, string>();
  private readonly overflows = new Map<string, number>();
  private readonly refusals = new Map<string, number>();

  constructor() {
    const labels = ['plba.metric'] as const;
    this.observe(
      'counter',
      'plba.metrics.overflows',
      { description: 'Values that were counted together because their metric has too many series', labels },
      (report) => {
        for (const [metric, count] of this.overflows) report(count, { 'plba.metric': metric });
      },
    );
    this.observe(
      'counter',
      'plba.metrics.refused',
      { description: 'Values that could not be taken: no number, negative, or without a label', labels },
      (report) => {
        for (const [metric, count] of this.refusals) report(count, { 'plba.metric': metric });
      },
    );
  }

  counter<L extends string = never>(name: string, options: MetricOptions<L> = {}): Counter<L> {
    return this.instrument(declareMetric('counter', name, options), CounterInstrument);
  }

  gauge<L extends string = never>(name: string, options: MetricOptions<L> = {}): Gauge<L> {
    return this.instrument(declareMetric('gauge', name, options), GaugeInstrument);
  }

  histogram<L extends string = never>(name: string, options: HistogramOptions<L> = {}): Histogram<L> {
    return this.instrument(declareMetric('histogram', name, options), HistogramInstrument);
  }

  observe<L extends string = never>(
    kind: 'counter' | 'gauge',
    name: string,
    options: MetricOptions<L>,
    read: (report: (value: number, labels?: MetricLabels<L>) => void) => void,
  ): void {
    const declaration = declareMetric(kind, name, options);
    this.observed(declaration, (series) => {
      read((value, labels) => {
        if (!Number.isFinite(value) || (kind === 'counter' && value < 0)) this.count(this.refusals, name);
        else series(labels, value);
      });
    });
  }

  /** The same for a histogram whose buckets are kept elsewhere. */
  observeHistogram<L extends string = never>(
    name: string,
    options: HistogramOptions<L>,
    read: (report: (buckets: HistogramSource, labels?: MetricLabels<L>) => void) => void,
  ): void {
    this.observed(declareMetric('histogram', name, options), (series) => {
      read((buckets, labels) => {
        series(labels, buckets);
      });
    });
  }

  /** Everything as it is now, in order of declaration. Metrics without a series are there too. */
  collect(): MetricFamily[] {
    return [...this.metrics.values()].map(({ collect }) => collect());
  }

  /** One metric as it is now; undefined when there is none of that name. */
  find(name: string): MetricFamily | undefined {
    return this.metrics.get(name)?.collect();
  }

  private instrument<T extends Instrument>(
    declaration: MetricDeclaration,
    type: new (declaration: MetricDeclaration, onOverflow: () => void, onRefusal: () => void) => T,
  ): T {
    const { name } = declaration;
    const known = this.instruments.get(name);
    if (known instanceof type && isSameMetric(known.declaration, declaration)) return known;
    this.claim(declaration);
    const instrument = new type(
      declaration,
      () => {
        this.count(this.overflows, name);
      },
      () => {
        this.count(this.refusals, name);
      },
    );
    this.instruments.set(name, instrument);
    this.metrics.set(name, { declaration, collect: () => instrument.collect() });
    return instrument;
  }

  private observed<V>(declaration: MetricDeclaration, read: Read<V>): void {
    this.claim(declaration);
    const { name } = declaration;
    const collect = (): MetricFamily =>
      readObserved(
        declaration,
        read,
        () => {
          this.count(this.overflows, name);
        },
        () => {
          this.count(this.refusals, name);
        },
      );
    this.metrics.set(name, { declaration, collect });
  }

  private claim({ kind, name, unit }: MetricDeclaration): void {
    const samples = sampleNames(kind, exposedName({ kind, name, unit }).family);
    for (const sample of samples) {
      const other = this.taken.get(sample);
      if (other === undefined) continue;
      const what =
        other === name ? 'is declared twice, in different ways' : `and "${other}" would both be exposed as ${sample}`;
      throw new PlbaError('METRIC_INVALID', `metric "${name}" ${what}`, { hint: 'give one of them another name' });
    }
    for (const sample of samples) this.taken.set(sample, name);
  }

  private count(counts: Map<string, number>, metric: string): void {
    counts.set(metric, (counts.get(metric) ?? 0) + 1);
  }
}
