import { PlbaError } from '../../errors.js';
import type { RecordedSpan } from './recorded-span.js';
import { registerRecording } from './recording-provider.js';
import { SpanRecorder } from './span-recorder.js';

/** Options of {@link RecordingTracer.register}. */
export interface RecordingTracerOptions {
  /** Where the time of a span comes from. Default: the machine's clock. */
  readonly clock?: { now(): number };
  /** The ids of the spans follow from it. Default 1. */
  readonly seed?: number;
}

/**
 * Keeps the spans of this process for a test, without an OpenTelemetry SDK: those of `withSpan()`, of runs, and of whoever
 * else uses the API. An application under test has its own (`app.spans()`), which do not end up here. Of two at a time the later one gets the
 * spans.
 *
 * `using tracer = await RecordingTracer.register();`
 */
export class RecordingTracer {
  private constructor(
    private readonly recorder: SpanRecorder,
    private readonly release: () => void,
  ) {}

  /**
   * Registers with OpenTelemetry, until {@link unregister}.
   * @throws PlbaError `TRACER_REGISTERED` when an SDK is registered
   */
  static async register(options: RecordingTracerOptions = {}): Promise<RecordingTracer> {
    const { clock = Date, seed = 1 } = options;
    const recorder = new SpanRecorder({ now: () => clock.now(), seed });
    const release = await registerRecording(() => recorder, 'rest');
    if (release !== undefined) return new RecordingTracer(recorder, release);
    throw new PlbaError('TRACER_REGISTERED', 'spans cannot be recorded: an OpenTelemetry SDK gets them already', {
      hint: 'read the spans from the exporter of that SDK, or do not register it in this test',
    });
  }

  /** The spans so far, in the order in which they were started. */
  spans(): readonly RecordedSpan[] {
    return this.recorder.spans();
  }

  /** Records no more. Harmless twice. */
  unregister(): void {
    this.release();
  }

  [Symbol.dispose](): void {
    this.unregister();
  }
}
