// The guest house: what tests of an application need. No test double is reachable from the front door.
export { testApplication, type TestApplication, type TestApplicationBuilder } from './test-application.js';
export { VirtualClock, type PendingTimer, type VirtualClockOptions } from './virtual-clock.js';
export type { LogLine } from './recorded-lines.js';
