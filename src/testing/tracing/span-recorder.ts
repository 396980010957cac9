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

/** Starts spans and keeps them, the newest ten thousand. The same work gives the same ids. */
export class SpanRecorder {
  private readonly kept: RecordingSpan[] = [];
  private readonly random: () => number;

  constructor(private readonly options: SpanRecorderOptions) {
    this.random = seededRandom(options.seed);
  }

  /** Starts a span below `parent`, or a root when there is none or `options.root` says so. */
  start(name: string, options: SpanOptions, parent: Span | undefined): Span {
    const above = options.root === true ? undefined : parent?.spanContext();
    const traceId = above?.traceId ?? this.id(4);
    const context = { traceId, spanId: this.id(2), traceFlags: 1 };
    const span = new RecordingSpan(name, context, above?.spanId, options.attributes ?? {}, this.options.now);
    if (this.kept.push(span) > 2 * mostSpans) this.kept.splice(0, this.kept.length - mostSpans);
    return span;
  }

  /** The spans in the order in which they were started. */
  spans(): RecordedSpan[] {
    return this.kept.slice(-mostSpans).map((span) => span.toRecord());
  }

  private id(words: number): string {
    let id = '';
    for (let word = 0; word < words; word++) {
      id += Math.floor(this.random() * 2 ** 32)
        .toString(16)
        .padStart(8, '0');
    }
    return id;
  }
}
