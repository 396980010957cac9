import type { Span, SpanOptions } from '@opentelemetry/api';
import { seededRandom } from '../seeded-random.js';
import { RecordingSpan, type RecordedSpan } from './recorded-span.js';

/** What a {@link SpanRecorder} is made with. */
export interface SpanRecorderOptions {
  /** The time of day in milliseconds since the epoch. */
  readonly now: () => number;
  /** The ids of the spans follow from it. */
  readonly seed: number;
}

/** Longer simulations keep the newest. */
const mostSpans = 10_000;
const countDigits = 8;

/** Starts spans and keeps them, the newest ten thousand. The same work gives the same ids. */
export class SpanRecorder {
  private readonly kept: RecordingSpan[] = [];
  /** 24 hexadecimal digits. */
  private readonly ofSeed: string;
  private count = 0;

  constructor(private readonly options: SpanRecorderOptions) {
    const random = seededRandom(options.seed);
    const words = [random(), random(), random()].map((chance) => Math.floor(chance * 2 ** 32));
    this.ofSeed = words.map((word) => word.toString(16).padStart(8, '0')).join('');
  }

  /** Starts a span below `parent`, or a root when there is none or `options.root` says so. */
  start(name: string, options: SpanOptions, parent: Span | undefined): Span {
    const above = options.root === true ? undefined : parent?.spanContext();
    const traceId = above?.traceId ?? this.id(32);
    const context = { traceId, spanId: this.id(16), traceFlags: 1 };
    const span = new RecordingSpan(name, context, above?.spanId, options.attributes ?? {}, this.options.now);
    if (this.kept.push(span) > 2 * mostSpans) this.kept.splice(0, this.kept.length - mostSpans);
    return span;
  }

  /** The spans in the order in which they were started. */
  spans(): RecordedSpan[] {
    return this.kept.slice(-mostSpans).map((span) => span.toRecord());
  }

  /** Another one each time: the seed, and a count. */
  private id(digits: number): string {
    return this.ofSeed.slice(0, digits - countDigits) + (++this.count).toString(16).padStart(countDigits, '0');
  }
}
