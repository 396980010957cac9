import type { Attributes, Exception, Span, SpanContext, SpanStatus } from '@opentelemetry/api';
import type { SpanRecord } from '../contracts/traces.js';
import { clip, plainValue } from '../plain/plain-value.js';
import { createSpanId } from './ids.js';
import type { Scrub } from '../secrets/scrub.js';

const longestText = 200;
const mostAttributes = 16;
const statusError = 2;

/** What a kept span must know of the trace that it is part of. */
export interface KeptIn {
  readonly traceId: string;
  readonly scrub: Scrub;
  /** Milliseconds since the run began. */
  elapsedMs(): number;
  /** Whether there is room for one more span. */
  admit(): boolean;
}

/** A span as it is kept in process, with or without an SDK. What it is told is bounded. */
export class KeptSpan implements Span {
  private readonly children: KeptSpan[] = [];
  private readonly attributes = new Map<string, unknown>();
  private readonly startedMs: number;
  private endedMs: number | undefined;
  private error: string | undefined;

  constructor(
    readonly trace: KeptIn,
    private name: string,
    attributes?: Attributes,
    private readonly spanId = createSpanId(),
  ) {
    this.startedMs = trace.elapsedMs();
    if (attributes !== undefined) this.setAttributes(attributes);
  }

  /** A span inside of this one; undefined when the trace keeps no more. `spanId`: that of its twin in an SDK. */
  child(name: string, attributes?: Attributes, spanId?: string): KeptSpan | undefined {
    if (!this.trace.admit()) return undefined;
    const child = new KeptSpan(this.trace, name, attributes, spanId);
    this.children.push(child);
    return child;
  }

  spanContext(): SpanContext {
    return { traceId: this.trace.traceId, spanId: this.spanId, traceFlags: 1 };
  }

  setAttribute(name: string, value: unknown): this {
    const { attributes } = this;
    if (attributes.has(name) || attributes.size < mostAttributes)
      attributes.set(clip(name, longestText), this.plain(value));
    return this;
  }

  setAttributes(attributes: Attributes): this {
    for (const [name, value] of Object.entries(attributes)) this.setAttribute(name, value);
    return this;
  }

  setStatus({ code, message }: SpanStatus): this {
    if ((code as number) === statusError) this.error = this.text(message ?? 'error');
    return this;
  }

  recordException(exception: Exception): void {
    this.error ??= this.text(typeof exception === 'string' ? exception : (exception.message ?? 'error'));
  }

  updateName(name: string): this {
    this.name = name;
    return this;
  }

  addEvent(): this {
    return this;
  }

  addLink(): this {
    return this;
  }

  addLinks(): this {
    return this;
  }

  isRecording(): boolean {
    return this.endedMs === undefined;
  }

  end(): void {
    this.endedMs ??= this.trace.elapsedMs();
  }

  toRecord(): SpanRecord {
    const { startedMs, endedMs, error, attributes } = this;
    return {
      spanId: this.spanId,
      name: clip(this.name, longestText),
      atMs: rounded(startedMs),
      ...(endedMs !== undefined && { durationMs: rounded(endedMs - startedMs) }),
      ...(error !== undefined && { error }),
      ...(attributes.size > 0 && { attributes: Object.fromEntries(attributes) }),
      children: this.children.map((child) => child.toRecord()),
    };
  }

  private plain(value: unknown): unknown {
    return typeof value === 'string' ? this.text(value) : plainValue(value);
  }

  private text(text: string): string {
    return clip(this.trace.scrub(text), longestText);
  }
}

function rounded(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
