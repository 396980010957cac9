// The guest house: what tests of an application need. No test double is reachable from the front door.

// Applications
export { testApplication, type TestApplicationBuilder } from './test-application-builder.js';
export type { TestApplication } from './test-application.js';
export type { FailOptions, Fault, FaultOptions, FaultPoint } from './faults/fault.js';
export type { InjectAnswer, InjectOptions } from './inject.js';
export type { Leak, LeakKind } from './leaks/leak.js';

export { runWorker, type Bind, type RunWorkerContext, type RunWorkerOptions, type WorkerRun } from './run-worker.js';
export { exploreSchedules, type Exploration, type ExploreOptions } from './explore-schedules.js';

// Assertions and contracts
export { plbaAssertions, type ChaiAssertion, type ChaiLike, type ChaiUtils } from './chai-plugin.js';
export { workerContract, type ContractRule } from './contract/worker-contract.js';
export type { WorkerContractOptions } from './contract/contract-stage.js';
export {
  describeWorkerContract,
  type DefineTest,
  type DescribeContractOptions,
  type DescribeTests,
} from './contract/describe-worker-contract.js';

// Doubles that can be used alone
export { VirtualClock, type PendingTimer, type VirtualClockOptions } from './virtual-clock.js';
export { RecordingTracer, type RecordingTracerOptions } from './tracing/recording-tracer.js';
export type { RecordedSpan } from './tracing/recorded-span.js';
export { RecordingLogger, type RecordingLoggerOptions } from './recording-logger.js';
export type { LogLine } from './recorded-lines.js';
