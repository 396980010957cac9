// The guest house: what tests of an application need. No test double is reachable from the front door.

// Applications
export { testApplication, type TestApplicationBuilder } from './test-application-builder.js';
export type { TestApplication } from './test-application.js';
export type { FailOptions, Fault, FaultOptions, FaultPoint } from './faults/fault.js';
export type { Leak, LeakKind } from './leaks/leak.js';

// Doubles that can be used alone
export { VirtualClock, type PendingTimer, type VirtualClockOptions } from './virtual-clock.js';
export { RecordingTracer, type RecordingTracerOptions } from './tracing/recording-tracer.js';
export type { RecordedSpan } from './tracing/recorded-span.js';
export type { LogLine } from './recorded-lines.js';
