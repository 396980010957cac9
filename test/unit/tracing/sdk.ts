import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';

/** A registered OpenTelemetry SDK that keeps every ended span. */
export interface RecordingSdk {
  spans(): ReadableSpan[];
  /** The one span of that name. */
  span(name: string): ReadableSpan;
  unregister(): void;
}

/** Registers an SDK for this process. Unregister it before the next one. */
export function registerSdk(...processors: SpanProcessor[]): RecordingSdk {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [...processors, new SimpleSpanProcessor(exporter)] });
  const manager = new AsyncLocalStorageContextManager().enable();
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(manager);
  return {
    spans: () => exporter.getFinishedSpans(),
    span: (name) => {
      const found = exporter.getFinishedSpans().filter((span) => span.name === name);
      if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} spans are called "${name}"`);
      return found[0];
    },
    unregister: () => {
      trace.disable();
      context.disable();
    },
  };
}
