import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Fields, readMessage } from './protobuf.js';

/** A span as it has arrived. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for a root. */
  readonly parentSpanId: string;
  readonly name: string;
}

/** A collector for tests: takes OTLP over HTTP, in protobuf and in JSON, and decodes what arrives. */
export interface OtlpReceiver {
  readonly endpoint: string;
  readonly spans: readonly ReceivedSpan[];
  /** Names of the metrics that have arrived. */
  readonly metrics: ReadonlySet<string>;
  /** Attributes of the resources of the spans, as text. */
  readonly resources: ReadonlyMap<string, string>;
  /** `<path> <content type> <authorization>` of each request. */
  readonly requests: readonly string[];
  /** The body of each request, as it has arrived. */
  readonly bodies: readonly Buffer[];
  close(): Promise<void>;
}

/** Starts a collector on a free port. `answer`: what else than 200 it does. */
export async function startReceiver(answer?: (response: ServerResponse) => void): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const metrics = new Set<string>();
  const resources = new Map<string, string>();
  const requests: string[] = [];
  const bodies: Buffer[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    bodies.push(body);
    const type = request.headers['content-type'] ?? '';
    requests.push(`${request.url ?? ''} ${type} ${request.headers.authorization ?? ''}`.trim());
    const isJson = type.startsWith('application/json');
    if (request.url?.endsWith('/v1/traces') === true) {
      const read = isJson ? spansOfJson(body.toString(), resources) : spansOfProtobuf(body, resources);
      spans.push(...read);
    } else {
      for (const name of isJson ? metricsOfJson(body.toString()) : metricsOfProtobuf(body)) metrics.add(name);
    }
    if (answer !== undefined) {
      answer(response);
      return;
    }
    response.writeHead(200, { 'Content-Type': type });
    response.end(isJson ? '{}' : undefined);
  };
  const server = createServer((request, response) => {
    take(request, response).catch((error: unknown) => {
      response.writeHead(400).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    spans,
    metrics,
    resources,
    requests,
    bodies,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

interface JsonSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
}

function spansOfJson(text: string, resources: Map<string, string>): ReceivedSpan[] {
  const { resourceSpans } = JSON.parse(text) as {
    resourceSpans: {
      resource: { attributes: { key: string; value: { stringValue?: string } }[] };
      scopeSpans: { spans: JsonSpan[] }[];
    }[];
  };
  for (const { resource } of resourceSpans) {
    for (const { key, value } of resource.attributes) resources.set(key, value.stringValue ?? '');
  }
  return resourceSpans
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans))
    .map(({ traceId, spanId, parentSpanId = '', name }) => ({ traceId, spanId, parentSpanId, name }));
}

function metricsOfJson(text: string): string[] {
  const { resourceMetrics } = JSON.parse(text) as {
    resourceMetrics: { scopeMetrics: { metrics: { name: string }[] }[] }[];
  };
  return resourceMetrics.flatMap(({ scopeMetrics }) =>
    scopeMetrics.flatMap(({ metrics }) => metrics.map(({ name }) => name)),
  );
}

// The numbers of fields are those of opentelemetry-proto: trace.proto, metrics.proto, common.proto.

function spansOfProtobuf(body: Buffer, resources: Map<string, string>): ReceivedSpan[] {
  return messages(readMessage(body), 1).flatMap((resourceSpans) => {
    for (const resource of messages(resourceSpans, 1)) {
      for (const attribute of messages(resource, 1)) {
        const [value] = messages(attribute, 2);
        resources.set(text(attribute, 1), value === undefined ? '' : text(value, 1));
      }
    }
    return messages(resourceSpans, 2)
      .flatMap((scopeSpans) => messages(scopeSpans, 2))
      .map((span) => ({
        traceId: hex(span, 1),
        spanId: hex(span, 2),
        parentSpanId: hex(span, 4),
        name: text(span, 5),
      }));
  });
}

function metricsOfProtobuf(body: Buffer): string[] {
  return messages(readMessage(body), 1).flatMap((resourceMetrics) =>
    messages(resourceMetrics, 2).flatMap((scope) => messages(scope, 2).map((metric) => text(metric, 1))),
  );
}

function messages(fields: Fields, field: number): Fields[] {
  return (fields.get(field) ?? []).map(readMessage);
}

function text(fields: Fields, field: number): string {
  return fields.get(field)?.[0]?.toString() ?? '';
}

function hex(fields: Fields, field: number): string {
  return fields.get(field)?.[0]?.toString('hex') ?? '';
}
