import { PlbaError } from '../errors.js';
import type { Sdk, SdkSpanExporterModule, SdkMetricExporterModule, SdkTrace } from './sdk.js';

/** How OTLP is written: `http` is JSON, as the packages of the SDK are called. */
export type OtlpEncoding = 'http' | 'proto';

/** Loads what the application has installed of the SDK, of the line 2 or 3. @throws `TELEMETRY_SDK_MISSING` */
export async function loadSdk(traces: OtlpEncoding, metricsEncoding: OtlpEncoding): Promise<Sdk> {
  const [trace, metrics, resources, context, spanExporter, metricExporter] = await Promise.all([
    load<SdkTrace>('@opentelemetry/sdk-trace'),
    load<Sdk['metrics']>('@opentelemetry/sdk-metrics'),
    load<Sdk['resources']>('@opentelemetry/resources'),
    load<Sdk['context']>('@opentelemetry/context-async-hooks'),
    load<SdkSpanExporterModule>(`@opentelemetry/exporter-trace-otlp-${traces}`),
    load<SdkMetricExporterModule>(`@opentelemetry/exporter-metrics-otlp-${metricsEncoding}`),
  ]);
  return { trace, metrics, resources, context, spanExporter, metricExporter };
}

const wanted = (encoding: string): string =>
  [
    'sdk-trace @opentelemetry/sdk-metrics @opentelemetry/resources @opentelemetry/context-async-hooks',
    `exporter-trace-otlp-${encoding} @opentelemetry/exporter-metrics-otlp-${encoding}`,
  ].join(' @opentelemetry/');

async function load<T>(name: string): Promise<T> {
  try {
    // By a name that is no literal: none of these is among the package's own dependencies.
    return (await import(name)) as T;
  } catch (cause) {
    throw new PlbaError('TELEMETRY_SDK_MISSING', `telemetry is on, and ${name} cannot be loaded`, {
      hint: `npm install @opentelemetry/${wanted(name.endsWith('http') ? 'http' : 'proto')}`,
      cause,
    });
  }
}
