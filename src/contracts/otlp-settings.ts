import type { Duration } from './duration.js';

/** What configuration says about export: `plba.telemetry.otlp` and its neighbours. */
export interface OtlpSettings {
  /** Where a collector takes OTLP over HTTP: `http://collector:4318`. Paths are added to it. */
  readonly endpoint: string;
  /** Default `http/protobuf`. */
  readonly protocol?: 'http/protobuf' | 'http/json';
  /** Sent along, such as an API key. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Of one request. Default 10 s. */
  readonly timeout?: Duration;
  /** The part of the traces that is exported, 0 to 1. Default 1. */
  readonly ratio?: number;
  /** How often metrics are exported. Default 60 s. */
  readonly metricsEvery?: Duration;
  /** How long ended spans wait for others, at most. Default 5 s. */
  readonly spansEvery?: Duration;
  /** How many ended spans may wait; what exceeds it is dropped. Default 2,048. */
  readonly queue?: number;
  /** What else there is to know about the application: `deployment.environment.name: production`. */
  readonly resource?: Readonly<Record<string, string>>;
}
