/** How an application declares and feeds metrics of its own. Inject it by `tokens.Metrics`. */
export interface Metrics {
  /** A number that only grows. Asked for again in the same way it is the same one. @throws `METRIC_INVALID` */
  counter<L extends string = never>(name: string, options?: MetricOptions<L>): Counter<L>;
  /** A number that goes up and down. @throws `METRIC_INVALID` */
  gauge<L extends string = never>(name: string, options?: MetricOptions<L>): Gauge<L>;
  /** How values are distributed. @throws `METRIC_INVALID` */
  histogram<L extends string = never>(name: string, options?: HistogramOptions<L>): Histogram<L>;
  /**
   * A counter or gauge whose numbers are kept elsewhere: `read` is called for each collection and reports them. What it
   * throws costs this metric its place in that collection, nothing more. @throws `METRIC_INVALID`
   */
  observe<L extends string = never>(
    kind: 'counter' | 'gauge',
    name: string,
    options: MetricOptions<L>,
    read: (report: (value: number, labels?: MetricLabels<L>) => void) => void,
  ): void;
}

/** The value of each label that a metric was declared with. */
export type MetricLabels<L extends string = string> = Readonly<Record<L, string | number | boolean>>;

/** What is known of a metric before it has a value. */
export interface MetricOptions<L extends string = string> {
  /** What it counts or measures, in a few words. Default: its name. */
  readonly description?: string;
  /** Its unit in OpenTelemetry's (UCUM) spelling: `s`, `By`, `{invoice}`. Stands in the metadata, not in the name. */
  readonly unit?: string;
  /** The names of its labels, such as `partner`. */
  readonly labels?: readonly L[];
  /**
   * How many different label values it keeps apart. Whatever comes after is counted together, in one series that says so.
   * Default 2,000, as in OpenTelemetry.
   */
  readonly limit?: number;
}

/** {@link MetricOptions}, and where the buckets of a histogram end. */
export interface HistogramOptions<L extends string = string> extends MetricOptions<L> {
  /** The upper, inclusive bounds of the buckets, growing. Default: for durations in seconds, from 5 ms to half an hour. */
  readonly buckets?: readonly number[];
}

// Recording never throws: a number that cannot be taken is dropped and counted, for a metric must not be what breaks a run.

/** See {@link Metrics.counter}. */
export interface Counter<L extends string = never> {
  /** Adds `amount`, not negative; default 1. */
  add(amount?: number, labels?: MetricLabels<L>): void;
}

/** See {@link Metrics.gauge}. */
export interface Gauge<L extends string = never> {
  set(value: number, labels?: MetricLabels<L>): void;
  /** Forgets the value for these labels, so that it is not shown any more. */
  remove(labels?: MetricLabels<L>): void;
}

/** See {@link Metrics.histogram}. */
export interface Histogram<L extends string = never> {
  /** @param value not negative */
  record(value: number, labels?: MetricLabels<L>): void;
}

/** A metric with all its series, as it was at one moment. */
export type MetricFamily = CounterFamily | GaugeFamily | HistogramFamily;

interface FamilyFacts {
  /** As it was declared, in OpenTelemetry's spelling: `plba.run.duration`. */
  readonly name: string;
  readonly description: string;
  /** In OpenTelemetry's spelling; empty for none. */
  readonly unit: string;
}

/** A {@link MetricFamily} of numbers that only grow. */
export interface CounterFamily extends FamilyFacts {
  readonly kind: 'counter';
  readonly points: readonly NumberPoint[];
}

/** A {@link MetricFamily} of numbers that go up and down. */
export interface GaugeFamily extends FamilyFacts {
  readonly kind: 'gauge';
  readonly points: readonly NumberPoint[];
}

/** A {@link MetricFamily} of distributions. */
export interface HistogramFamily extends FamilyFacts {
  readonly kind: 'histogram';
  readonly points: readonly HistogramPoint[];
}

/** One series of a counter or gauge. */
export interface NumberPoint {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One series of a histogram. */
export interface HistogramPoint {
  readonly labels: Readonly<Record<string, string>>;
  /** Upper, inclusive bounds. */
  readonly bounds: readonly number[];
  /** How many values fell into each bucket; one more than bounds, the last for what exceeds them all. */
  readonly counts: readonly number[];
  readonly sum: number;
  readonly count: number;
}
