import type { Container, ServiceIdentifier } from 'inversify';
import type { AssembledApplication } from '../application/assembled-application.js';
import type { Duration } from '../contracts/duration.js';
import type { ApplicationEvents } from '../contracts/events.js';
import type { HealthReport, HealthStatus } from '../contracts/health.js';
import type { MetricFamily } from '../contracts/metrics.js';
import type { OperatorView, WorkerReport } from '../contracts/reports.js';
import type { RunRecord } from '../contracts/run.js';
import type { StopReport } from '../contracts/stop-report.js';
import type { WorkerState } from '../contracts/worker.js';
import type { SupervisedWorker } from '../worker/supervised-worker.js';
import { PlbaError } from '../errors.js';
import { describeWorker } from './describe-worker.js';
import type { FailOptions, Fault, FaultOptions, FaultPoint } from './faults/fault.js';
import type { FaultBoard } from './faults/fault-board.js';
import { countLeaks, formatLeaks, type Leak } from './leaks/leak.js';
import { findLeaks } from './leaks/find-leaks.js';
import { ask, openConnection, type InjectAnswer, type InjectOptions } from './inject.js';
import { moveTimeUntil, moveTimeUntilThere } from './move-time.js';
import type { LogLine, RecordedLines } from './recorded-lines.js';
import { sayHint } from './say-hint.js';
import type { TestScope } from './test-scope.js';
import type { RecordedSpan } from './tracing/recorded-span.js';
import type { VirtualClock } from './virtual-clock.js';

/** What a tested application is made of. */
export interface TestApplicationParts {
  readonly application: AssembledApplication;
  readonly clock: VirtualClock;
  readonly lines: RecordedLines;
  readonly scope: TestScope;
  readonly faults: FaultBoard;
  /** What the order of simultaneous events follows from; undefined when nothing is left to chance. */
  readonly seed: number | undefined;
  /** The process is nobody's concern any more. */
  readonly letGo: () => void;
}

/** A running application in the hands of a test. */
export class TestApplication {
  /** The application's time. */
  readonly clock: VirtualClock;
  private stopped: Promise<StopReport> | undefined;

  /** @internal */
  constructor(private readonly parts: TestApplicationParts) {
    this.clock = parts.clock;
  }

  /** The application's container. Its bindings cannot be replaced any more: use the builder for that. */
  get container(): Container {
    return this.parts.application.container;
  }

  /** What an operator sees and steers: the same as the control plane shows. */
  get operator(): OperatorView {
    return this.parts.application.operator;
  }

  /** What happens in the application from now on. */
  get events(): ApplicationEvents {
    return this.parts.application.events;
  }

  /** Something from the container. */
  get<T>(identifier: ServiceIdentifier<T>): T {
    return this.parts.application.get(identifier);
  }

  /** Does one run of a worker, now, and gives its record. Time passes only as far as the run waits for it. */
  async step(worker: string): Promise<RunRecord> {
    const supervised = this.supervised(worker);
    return this.moveTimeUntil(() => supervised.runNow());
  }

  /** Lets time pass: whatever becomes due on the way happens, in order, and comes to rest. */
  async advance(duration: Duration): Promise<void> {
    await this.clock.advance(duration);
  }

  /**
   * Lets time pass until a worker is in a state, or has a health. Rejects with `TEST_NOT_REACHED` when that has not happened
   * after `within` (default: a day) of virtual time.
   */
  async until(worker: string, wanted: WorkerState | HealthStatus, within: Duration = '24h'): Promise<void> {
    const supervised = this.supervised(worker);
    const isThere = (): boolean => {
      if (supervised.state === wanted) return true;
      const health = supervised.health();
      // What a hand-written worker answers later has been asked for by the platform as well: it is in the report by then.
      const status = health instanceof Promise ? this.operator.health()?.workers[worker]?.raw : health.status;
      return status === wanted;
    };
    const isAtWork = (): boolean =>
      supervised.executor.current !== undefined || supervised.state === 'starting' || supervised.state === 'stopping';
    if (await moveTimeUntilThere(this.clock, within, isThere, isAtWork)) return;
    const { state } = supervised;
    const health = await supervised.health();
    throw new PlbaError(
      'TEST_NOT_REACHED',
      `worker "${worker}" was not ${wanted} within ${within}${this.bySeed()}: ` +
        describeWorker({ state, health, runs: this.ledger(worker) }),
    );
  }

  /** Health now, of a group or of the whole: every worker and contributor has just been asked. */
  async health(group?: string): Promise<HealthReport> {
    await this.moveTimeUntil(() => this.parts.application.healthService().refresh());
    const report = this.operator.health(group);
    if (report !== undefined) return report;
    throw new PlbaError('HEALTH_GROUP_UNKNOWN', `there is no health group "${group ?? ''}"`, {
      hint: `there are: ${this.operator.healthGroups().join(', ')}`,
    });
  }

  /** The ledger of a worker, newest run first. `runsDropped` says where runs are missing. */
  ledger(worker: string): readonly RunRecord[] {
    return this.supervised(worker).executor.ledger.records();
  }

  /** A worker as an operator sees it. */
  worker(worker: string): WorkerReport {
    this.supervised(worker);
    return this.operator.worker(worker) as WorkerReport;
  }

  /** The log lines so far, oldest first. */
  logs(): readonly LogLine[] {
    return this.parts.lines.lines;
  }

  /**
   * The spans so far, in the order in which they were started: of runs, of `withSpan()`, of whoever uses OpenTelemetry.
   * @throws PlbaError `TRACER_REGISTERED` when the test has registered an SDK, which gets them instead
   */
  spans(): readonly RecordedSpan[] {
    const { recorder } = this.parts.scope;
    if (recorder !== undefined) return recorder.spans();
    throw new PlbaError('TRACER_REGISTERED', 'no spans were recorded: an OpenTelemetry SDK gets them', {
      hint: 'read the spans from the exporter of that SDK, or do not register it in this test',
    });
  }

  /** The metrics as they are now, the platform's and the application's own, each with all its series. */
  metrics(): readonly MetricFamily[] {
    return this.parts.application.metrics();
  }

  /**
   * Asks the control plane, over a connection that exists in memory only: `inject('POST /workers/sync/run')`. Time passes as
   * far as the answer waits for it. Not for `GET /events`, whose answer does not end.
   * @param target method and path; the method is `GET` when it is left out
   */
  async inject(target: string, options: InjectOptions = {}): Promise<InjectAnswer> {
    const control = this.parts.application.control();
    const { answer } = await this.parts.scope.run(async () => {
      const connection = await openConnection((end, door) => control.connect(end, door), options);
      return ask(connection, target, options);
    });
    return this.moveTimeUntil(() => answer);
  }

  /**
   * From now on each run of a worker throws `error` in the place of its work, which goes through the worker's `classify()`.
   * `options` say where else it fails, how often, and for how long.
   */
  fail(worker: string, error: unknown, options?: FailOptions): Fault {
    return this.parts.scope.run(() => this.parts.faults.fail(worker, error, options));
  }

  /** From now on a worker does not come back from its `start()`, its runs, or its `stop()`, whatever it is told. */
  hang(worker: string, at: FaultPoint, options?: FaultOptions): Fault {
    return this.parts.faults.hang(worker, at, options);
  }

  /** Workers and health contributors that are not ready for those who need them, and start from now on. */
  block(needs: string | readonly string[], options?: FaultOptions): Fault {
    return this.parts.faults.block(needs, options);
  }

  /** From now on a health contributor answers `unhealthy`, for `reason`. Known once it is asked: `health()` asks. */
  disconnect(contributor: string, reason?: string, options?: FaultOptions): Fault {
    return this.parts.faults.disconnect(contributor, reason, options);
  }

  /** What the application has open in this process now, besides timers of its clock: real timers, sockets, threads, listeners. */
  leaks(): readonly Leak[] {
    return this.parts.scope.leaks();
  }

  /**
   * Stops the application and gives the report. Rejects with `TEST_LEAKED` when it leaves timers, listeners, sockets or
   * threads behind, and says where each of them was opened.
   * @param options `leaks: 'ignore'`: what is left behind is meant to be
   */
  stop(options: { readonly leaks?: 'fail' | 'ignore' } = {}): Promise<StopReport> {
    return (this.stopped ??= this.stopAndCheck(options.leaks ?? 'fail'));
  }

  /** For `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  private async stopAndCheck(leaks: 'fail' | 'ignore'): Promise<StopReport> {
    const { application, scope, clock, letGo } = this.parts;
    try {
      const report = await this.moveTimeUntil(() => application.stop('the test is over'));
      if (leaks === 'ignore') return report;
      await clock.advance(0);
      const found = await findLeaks(clock, scope);
      if (found.length === 0) return report;
      throw new PlbaError(
        'TEST_LEAKED',
        `application "${application.name}" has stopped and left ${countLeaks(found)} behind${this.bySeed()}:\n${formatLeaks(found)}`,
        { hint: "close it in the stop() of whoever opened it, or stop({ leaks: 'ignore' }) where it is meant to stay" },
      );
    } finally {
      letGo();
    }
  }

  /** @throws PlbaError `WORKER_UNKNOWN` */
  private supervised(worker: string): SupervisedWorker {
    try {
      return this.parts.application.supervisor().get(worker);
    } catch (error) {
      throw sayHint(error);
    }
  }

  private moveTimeUntil<T>(work: () => Promise<T>): Promise<T> {
    return this.parts.scope.run(() => moveTimeUntil(this.clock, work()));
  }

  private bySeed(): string {
    const { seed } = this.parts;
    return seed === undefined ? '' : ` (seed ${seed})`;
  }
}
