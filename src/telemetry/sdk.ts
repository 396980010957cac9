import type { ContextManager, MeterProvider, TracerProvider } from '@opentelemetry/api';
import type { Agent } from 'node:http';

// What is used of the SDK, in the shape that its lines 2 and 3 have in common. Written out, for the SDK is optional.

/** Something that can be told to send what it has, and to end. */
export interface Ending {
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** Decides which traces are recorded. */
export type SdkSampler = object;

/** `@opentelemetry/sdk-trace`. */
export interface SdkTrace {
  readonly TracerProvider: new (options: object) => TracerProvider & Ending;
  readonly BatchSpanProcessor: new (options: object) => object;
  readonly AlwaysOnSampler: new () => SdkSampler;
  readonly AlwaysOffSampler: new () => SdkSampler;
  readonly TraceIdRatioBasedSampler: new (ratio: number) => SdkSampler;
  readonly ParentBasedSampler: new (options: { root: SdkSampler }) => SdkSampler;
}

/** The options of an exporter of OTLP over HTTP. */
export interface SdkExporterOptions {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly timeoutMillis: number;
  readonly compression: string;
  readonly concurrencyLimit: number;
  readonly httpAgentOptions: (protocol: string) => Agent | Promise<Agent>;
}

/** `@opentelemetry/exporter-trace-otlp-http` or `-proto`. */
export interface SdkSpanExporterModule {
  readonly OTLPTraceExporter: new (options: SdkExporterOptions) => object;
}

/** `@opentelemetry/exporter-metrics-otlp-http` or `-proto`. */
export interface SdkMetricExporterModule {
  readonly OTLPMetricExporter: new (options: SdkExporterOptions) => object;
}

/** Everything together. */
export interface Sdk {
  readonly trace: SdkTrace;
  readonly metrics: {
    readonly MeterProvider: new (options: object) => MeterProvider & Ending;
    readonly PeriodicExportingMetricReader: new (options: object) => object;
  };
  readonly resources: { resourceFromAttributes(attributes: Readonly<Record<string, string>>): object };
  readonly context: { readonly AsyncLocalStorageContextManager: new () => ContextManager };
  readonly spanExporter: SdkSpanExporterModule;
  readonly metricExporter: SdkMetricExporterModule;
}
