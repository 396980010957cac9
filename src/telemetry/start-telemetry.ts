import type { MetricFamily } from '../contracts/metrics.js';
import { PlbaError } from '../errors.js';
import { prepareTracing } from '../tracing/open-telemetry.js';
import { Agents } from './agents.js';
import { FamilyProducer } from './family-producer.js';
import { loadSdk, type OtlpEncoding } from './load-sdk.js';
import type { OtlpSettings } from '../contracts/otlp-settings.js';
import { type ExportPlan, planExport, type Sampling, type SignalExport } from './export-plan.js';
import type { Ending, Sdk, SdkExporterOptions, SdkSampler } from './sdk.js';

/** What {@link startTelemetry} is told. */
export interface TelemetryOptions extends OtlpSettings {
  /** Names the service, where `OTEL_SERVICE_NAME` does not. */
  readonly application: string;
  /** Where `OTEL_*` variables are read, which win over everything here. Default: those of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Metrics to be exported beside those made with OpenTelemetry's API. Default: none. */
  readonly metrics?: () => readonly MetricFamily[];
}

/** An SDK that runs. */
export interface Telemetry {
  /** Sends what there is, gives that `limitMs` (default 0.9 s), and ends: nothing is recorded or sent any more. Never rejects. */
  stop(limitMs?: number): Promise<void>;
}

/** With what it takes to end afterwards, a collector that does not answer delays a stop by less than a second. */
const longestFlushMs = 900;

/** Requests under way to a collector that does not answer hold no more than so many batches. */
const mostRequests = 4;

function encodingOf(signal: { readonly protocol: string } | undefined): OtlpEncoding {
  return signal?.protocol === 'http/json' ? 'http' : 'proto';
}

/**
 * Wires the OpenTelemetry SDK, of its line 2 or 3: traces and metrics go to a collector by OTLP over HTTP. With configuration
 * (`plba.telemetry.otlp.endpoint`) the application does this by itself.
 *
 * @throws `TELEMETRY_SDK_MISSING` with what to install; `TELEMETRY_CONFLICT` when another SDK is registered;
 *   `TELEMETRY_INVALID` when settings or variables cannot be meant
 */
export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const plan = planExport(options, options.application, options.env ?? process.env);
  if (plan.isDisabled) return { stop: () => Promise.resolve() };
  const agents = new Agents();
  const sdk = await loadSdk(encodingOf(plan.traces ?? plan.metrics), encodingOf(plan.metrics ?? plan.traces));
  const resource = sdk.resources.resourceFromAttributes(plan.resource);
  const { context, metrics, trace } = await import('@opentelemetry/api');
  const parts: Ending[] = [];
  const manager = new sdk.context.AsyncLocalStorageContextManager().enable();
  if (plan.traces !== undefined) {
    const provider = tracerProvider(sdk, plan, exporterOptions(plan.traces, agents), resource);
    if (!trace.setGlobalTracerProvider(provider)) throw conflict();
    context.setGlobalContextManager(manager);
    parts.push(provider);
  }
  if (plan.metrics !== undefined) {
    const producer = new FamilyProducer(options.metrics ?? (() => []), resource, Date.now);
    const exporter = new sdk.metricExporter.OTLPMetricExporter(exporterOptions(plan.metrics, agents));
    const reader = new sdk.metrics.PeriodicExportingMetricReader({
      exporter,
      exportIntervalMillis: plan.metricsEveryMs,
      exportTimeoutMillis: Math.min(plan.metricsEveryMs, plan.metrics.timeoutMillis),
      metricProducers: [producer],
    });
    const provider = new sdk.metrics.MeterProvider({ resource, readers: [reader] });
    metrics.setGlobalMeterProvider(provider);
    parts.push(provider);
  }
  await prepareTracing();
  return {
    stop: async (limitMs = longestFlushMs) => {
      await settledWithin(limitMs, Promise.allSettled(parts.map((part) => part.shutdown())));
      // Whatever is under way to a collector that does not answer must not keep the process.
      agents.destroy();
      if (plan.traces !== undefined) {
        trace.disable();
        context.disable();
      }
      if (plan.metrics !== undefined) metrics.disable();
    },
  };
}

function tracerProvider(sdk: Sdk, plan: ExportPlan, options: SdkExporterOptions, resource: object) {
  const exporter = new sdk.spanExporter.OTLPTraceExporter(options);
  const processor = new sdk.trace.BatchSpanProcessor({ exporter, ...plan.batch });
  return new sdk.trace.TracerProvider({
    resource,
    sampler: sampler(sdk, plan.sampling),
    spanProcessors: [processor],
  });
}

function sampler({ trace }: Sdk, { root, ratio, isParentBased }: Sampling): SdkSampler {
  const own =
    root === 'always_off'
      ? new trace.AlwaysOffSampler()
      : root === 'always_on' || ratio === 1
        ? new trace.AlwaysOnSampler()
        : new trace.TraceIdRatioBasedSampler(ratio);
  return isParentBased ? new trace.ParentBasedSampler({ root: own }) : own;
}

function exporterOptions(
  { url, headers, timeoutMillis, compression }: SignalExport,
  agents: Agents,
): SdkExporterOptions {
  return {
    url,
    headers,
    timeoutMillis,
    compression,
    concurrencyLimit: mostRequests,
    httpAgentOptions: (protocol) => agents.make(protocol),
  };
}

/** In real time, whatever clock the application has: a collector answers in no other. */
async function settledWithin(limitMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
}

function conflict(): PlbaError {
  return new PlbaError('TELEMETRY_CONFLICT', 'telemetry is on, and another OpenTelemetry SDK is registered already', {
    hint: 'register one or the other: take out plba.telemetry.otlp, or the registration of your own',
  });
}
