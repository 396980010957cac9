import { PlbaError } from '../errors.js';
import { parseDuration } from '../time/duration.js';
import type { Duration } from '../contracts/duration.js';
import type { OtlpSettings } from '../contracts/otlp-settings.js';

/** Where and how one kind of data is sent. */
export interface SignalExport {
  readonly url: string;
  readonly protocol: 'http/protobuf' | 'http/json';
  readonly headers: Record<string, string>;
  readonly timeoutMillis: number;
  readonly compression: 'none' | 'gzip';
}

/** How a sampler is made: see OpenTelemetry's `OTEL_TRACES_SAMPLER`. */
export interface Sampling {
  readonly root: 'always_on' | 'always_off' | 'ratio';
  readonly ratio: number;
  /** Whether a parent's decision counts. */
  readonly isParentBased: boolean;
}

/** Everything that export needs to know, with the environment's word above the configuration's. */
export interface ExportPlan {
  readonly isDisabled: boolean;
  /** Undefined when this kind is not exported. */
  readonly traces: SignalExport | undefined;
  readonly metrics: SignalExport | undefined;
  readonly sampling: Sampling;
  readonly metricsEveryMs: number;
  readonly batch: {
    readonly maxQueueSize: number;
    readonly maxExportBatchSize: number;
    readonly scheduledDelayMillis: number;
    readonly exportTimeoutMillis: number;
  };
  readonly resource: Readonly<Record<string, string>>;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Settings of export with an address, which a variable may give; undefined when nothing says where to. */
export function withEndpoint(settings: Partial<OtlpSettings>, env: Env): OtlpSettings | undefined {
  const endpoint = settings.endpoint ?? (env['OTEL_EXPORTER_OTLP_ENDPOINT']?.trim() || undefined);
  return endpoint === undefined ? undefined : { ...settings, endpoint };
}

/**
 * Puts settings and the standard `OTEL_*` variables together; a variable that is set wins.
 * @param application the service's name where nothing else names one
 * @throws `TELEMETRY_INVALID` for what cannot be meant; its message begins with the setting or the variable
 */
export function planExport(settings: OtlpSettings, application: string, env: Env): ExportPlan {
  const read = (name: string): string | undefined => env[name]?.trim() || undefined;
  const timeoutMs = durationOf(settings.timeout ?? '10s', 'timeout');
  const queue = whole(read('OTEL_BSP_MAX_QUEUE_SIZE'), 'OTEL_BSP_MAX_QUEUE_SIZE') ?? settings.queue ?? 2_048;
  return {
    isDisabled: read('OTEL_SDK_DISABLED')?.toLowerCase() === 'true',
    traces: signal('TRACES', settings, timeoutMs, read),
    metrics: signal('METRICS', settings, timeoutMs, read),
    sampling: samplingOf(settings, read),
    metricsEveryMs:
      whole(read('OTEL_METRIC_EXPORT_INTERVAL'), 'OTEL_METRIC_EXPORT_INTERVAL') ??
      durationOf(settings.metricsEvery ?? '60s', 'metricsEvery'),
    batch: {
      maxQueueSize: queue,
      maxExportBatchSize: Math.min(
        queue,
        whole(read('OTEL_BSP_MAX_EXPORT_BATCH_SIZE'), 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE') ?? 512,
      ),
      scheduledDelayMillis:
        whole(read('OTEL_BSP_SCHEDULE_DELAY'), 'OTEL_BSP_SCHEDULE_DELAY') ??
        durationOf(settings.spansEvery ?? '5s', 'spansEvery'),
      exportTimeoutMillis: whole(read('OTEL_BSP_EXPORT_TIMEOUT'), 'OTEL_BSP_EXPORT_TIMEOUT') ?? timeoutMs,
    },
    resource: resourceOf(settings, application, read),
  };
}

type Read = (name: string) => string | undefined;

function signal(
  kind: 'TRACES' | 'METRICS',
  settings: OtlpSettings,
  timeoutMs: number,
  read: Read,
): SignalExport | undefined {
  if (read(`OTEL_${kind}_EXPORTER`) === 'none') return undefined;
  /** The variable of this kind of data, or else the one for all of them, if one is set. */
  const variable = (name: string): string | undefined =>
    [`OTEL_EXPORTER_OTLP_${kind}_${name}`, `OTEL_EXPORTER_OTLP_${name}`].find((each) => read(each) !== undefined);
  const own = (name: string): string | undefined => read(variable(name) ?? '');
  const protocol = own('PROTOCOL') ?? settings.protocol ?? 'http/protobuf';
  if (protocol !== 'http/protobuf' && protocol !== 'http/json') {
    const named = variable('PROTOCOL') ?? 'plba.telemetry.otlp.protocol';
    throw invalid(`${named} is ${JSON.stringify(protocol)}, which is not supported`, 'use http/protobuf or http/json');
  }
  const named = variable('ENDPOINT');
  const endpoint = own('ENDPOINT') ?? settings.endpoint;
  const isWhole = named?.includes(kind) === true;
  const url = isWhole ? endpoint : `${endpoint.replace(/\/+$/, '')}/v1/${kind.toLowerCase()}`;
  if (!/^https?:\/\/[^/]/.test(url) || !URL.canParse(url)) {
    const setting = named ?? 'plba.telemetry.otlp.endpoint';
    throw invalid(`${setting} is no address: ${JSON.stringify(endpoint)}`, 'such as http://collector:4318');
  }
  return {
    url,
    protocol,
    headers: { ...settings.headers, ...pairs(own('HEADERS'), variable('HEADERS') ?? '') },
    timeoutMillis: whole(own('TIMEOUT'), variable('TIMEOUT') ?? '') ?? timeoutMs,
    compression: own('COMPRESSION') === 'gzip' ? 'gzip' : 'none',
  };
}

function samplingOf({ ratio = 1 }: OtlpSettings, read: Read): Sampling {
  const name = read('OTEL_TRACES_SAMPLER');
  if (name === undefined) return { root: 'ratio', ratio, isParentBased: true };
  const isParentBased = name.startsWith('parentbased_');
  const root = isParentBased ? name.slice('parentbased_'.length) : name;
  if (root === 'always_on' || root === 'always_off') return { root, ratio: 1, isParentBased };
  if (root !== 'traceidratio') {
    throw invalid(`OTEL_TRACES_SAMPLER is ${JSON.stringify(name)}`, 'parentbased_traceidratio, for instance');
  }
  const part = Number(read('OTEL_TRACES_SAMPLER_ARG') ?? '1');
  if (!(part >= 0 && part <= 1)) throw invalid('OTEL_TRACES_SAMPLER_ARG is not within 0 and 1', '0.1, for instance');
  return { root: 'ratio', ratio: part, isParentBased };
}

function resourceOf({ resource }: OtlpSettings, application: string, read: Read): Record<string, string> {
  const named = read('OTEL_SERVICE_NAME');
  return {
    'service.name': application,
    ...resource,
    ...pairs(read('OTEL_RESOURCE_ATTRIBUTES'), 'OTEL_RESOURCE_ATTRIBUTES'),
    ...(named !== undefined && { 'service.name': named }),
  };
}

/** `a=1,b=2`, with percent signs for what cannot stand there. */
function pairs(text: string | undefined, variable: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const pair of text?.split(',') ?? []) {
    if (pair.trim() === '') continue;
    const at = pair.indexOf('=');
    if (at < 1) throw invalid(`${variable} has an entry without a name or a value`, 'name=value,other=value');
    try {
      found[decodeURIComponent(pair.slice(0, at).trim())] = decodeURIComponent(pair.slice(at + 1).trim());
    } catch {
      throw invalid(`${variable} has an entry that is not percent-encoded UTF-8`, 'write % as %25');
    }
  }
  return found;
}

function whole(text: string | undefined, variable: string): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw invalid(`${variable} is ${JSON.stringify(text)}`, 'a whole number of at least 1');
}

function durationOf(duration: Duration, name: string): number {
  return parseDuration(duration, `plba.telemetry.otlp.${name}`);
}

function invalid(message: string, hint: string): PlbaError {
  return new PlbaError('TELEMETRY_INVALID', message, { hint });
}
