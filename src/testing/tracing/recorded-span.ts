import type {
  Attributes,
  AttributeValue,
  Exception,
  Span,
  SpanContext,
  SpanStatus,
  TimeInput,
} from '@opentelemetry/api';

/** A span as a test looks at it. */
export interface RecordedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Absent for the root of a trace. */
  readonly parentSpanId?: string;
  readonly attributes: Readonly<Attributes>;
  /** What happened on the way, such as `exception`. */
  readonly events: readonly { readonly name: string; readonly attributes: Readonly<Attributes> }[];
  /** `error` once somebody said that it failed. */
  readonly status: 'unset' | 'ok' | 'error';
  /** What was said with the status. */
  readonly statusMessage?: string;
  readonly started: Date;
  /** Absent while the span is open. */
  readonly durationMs?: number;
}

const statusWords = ['unset', 'ok', 'error'] as const;

/** A span that remembers all it is told until it ends. */
export class RecordingSpan implements Span {
  private readonly attributes: Attributes;
  private readonly events: { name: string; attributes: Attributes }[] = [];
  private readonly startedMs: number;
  private status: SpanStatus | undefined;
  private endedMs: number | undefined;

  constructor(
    private name: string,
    private readonly context: SpanContext,
    private readonly parentSpanId: string | undefined,
    attributes: Attributes,
    private readonly now: () => number,
  ) {
    this.attributes = { ...attributes };
    this.startedMs = now();
  }

  spanContext(): SpanContext {
    return this.context;
  }

  setAttribute(key: string, value: AttributeValue): this {
    if (this.isRecording()) this.attributes[key] = value;
    return this;
  }

  setAttributes(attributes: Attributes): this {
    if (this.isRecording()) Object.assign(this.attributes, attributes);
    return this;
  }

  addEvent(name: string, attributes?: Attributes | TimeInput): this {
    const known = typeof attributes === 'object' && !Array.isArray(attributes) && !(attributes instanceof Date);
    if (this.isRecording()) this.events.push({ name, attributes: known ? { ...attributes } : {} });
    return this;
  }

  addLink(): this {
    return this;
  }

  addLinks(): this {
    return this;
  }

  setStatus(status: SpanStatus): this {
    if (this.isRecording()) this.status = status;
    return this;
  }

  updateName(name: string): this {
    if (this.isRecording()) this.name = name;
    return this;
  }

  end(): void {
    this.endedMs ??= this.now();
  }

  isRecording(): boolean {
    return this.endedMs === undefined;
  }

  recordException(exception: Exception): void {
    const { name, message } = typeof exception === 'string' ? { name: undefined, message: exception } : exception;
    this.addEvent('exception', {
      ...(name !== undefined && { 'exception.type': name }),
      ...(message !== undefined && { 'exception.message': message }),
    });
  }

  /** What is known of it now. */
  toRecord(): RecordedSpan {
    const { context, parentSpanId, status, endedMs, startedMs } = this;
    return {
      name: this.name,
      traceId: context.traceId,
      spanId: context.spanId,
      ...(parentSpanId !== undefined && { parentSpanId }),
      attributes: { ...this.attributes },
      events: [...this.events],
      status: statusWords[status?.code ?? 0],
      ...(status?.message !== undefined && { statusMessage: status.message }),
      started: new Date(startedMs),
      ...(endedMs !== undefined && { durationMs: endedMs - startedMs }),
    };
  }
}
