import { AsyncLocalStorage } from 'node:async_hooks';
import type * as OpenTelemetry from '@opentelemetry/api';
import type { SpanRecorder } from './span-recorder.js';

type Api = typeof OpenTelemetry;

/** Names the recorder that a span which is started now belongs to. */
export type FindRecorder = () => SpanRecorder | undefined;

/** Those who want spans now. An application under test is asked before whoever takes the rest. */
const ofApplications: FindRecorder[] = [];
const ofTheRest: FindRecorder[] = [];
let registering: Promise<Api | undefined> | undefined;

/**
 * Registers the test kit with OpenTelemetry, for as long as somebody wants it: spans go to whichever recorder `find` names
 * when they are started, and nowhere when it names none.
 * @returns how to end that; undefined when an SDK is registered already, which then gets the spans, or without the API
 */
export async function registerRecording(
  find: FindRecorder,
  whose: 'application' | 'rest',
): Promise<(() => void) | undefined> {
  const finders = whose === 'application' ? ofApplications : ofTheRest;
  finders.push(find);
  const api = await (registering ??= register());
  let isReleased = false;
  const release = (): void => {
    if (isReleased) return;
    isReleased = true;
    finders.splice(finders.indexOf(find), 1);
    if (ofApplications.length + ofTheRest.length > 0) return;
    registering = undefined;
    api?.trace.disable();
    api?.context.disable();
  };
  if (api !== undefined) return release;
  release();
  return undefined;
}

async function register(): Promise<Api | undefined> {
  const api = await import('@opentelemetry/api').catch(() => undefined);
  if (api === undefined || !api.trace.setGlobalTracerProvider(providerFor(api))) return undefined;
  api.context.setGlobalContextManager(new StoredContext(api.ROOT_CONTEXT));
  return api;
}

function findRecorder(): SpanRecorder | undefined {
  for (const find of ofApplications) {
    const found = find();
    if (found !== undefined) return found;
  }
  return ofTheRest.at(-1)?.();
}

function providerFor(api: Api): OpenTelemetry.TracerProvider {
  const startSpan: OpenTelemetry.Tracer['startSpan'] = (name, options = {}, context = api.context.active()) =>
    findRecorder()?.start(name, options, api.trace.getSpan(context)) ??
    api.trace.wrapSpanContext(api.INVALID_SPAN_CONTEXT);
  const startActiveSpan = (name: string, ...rest: unknown[]): unknown => {
    const work = rest.pop() as (span: OpenTelemetry.Span) => unknown;
    const [options = {}, context = api.context.active()] = rest as [OpenTelemetry.SpanOptions?, OpenTelemetry.Context?];
    const span = startSpan(name, options, context);
    return api.context.with(api.trace.setSpan(context, span), () => work(span));
  };
  const tracer = { startSpan, startActiveSpan };
  return { getTracer: () => tracer };
}

/** The active context, along with whatever is awaited. */
class StoredContext implements OpenTelemetry.ContextManager {
  private readonly storage = new AsyncLocalStorage<OpenTelemetry.Context>();

  constructor(private readonly root: OpenTelemetry.Context) {}

  active(): OpenTelemetry.Context {
    return this.storage.getStore() ?? this.root;
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    context: OpenTelemetry.Context,
    work: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.storage.run(context, () => work.call(thisArg as ThisParameterType<F>, ...args));
  }

  bind<T>(context: OpenTelemetry.Context, target: T): T {
    if (typeof target !== 'function') return target;
    const bound = (...args: unknown[]): unknown =>
      this.storage.run(context, () => (target as unknown as (...args: unknown[]) => unknown)(...args));
    return bound as T;
  }

  enable(): this {
    return this;
  }

  disable(): this {
    this.storage.disable();
    return this;
  }
}
