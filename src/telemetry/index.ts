// Wiring of a real OpenTelemetry SDK. The SDK is an optional peer: what is behind this door is loaded only when it is used.
export { startTelemetry, type Telemetry, type TelemetryOptions } from './start-telemetry.js';
export type { OtlpSettings } from '../contracts/otlp-settings.js';
