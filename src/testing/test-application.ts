import type { BindToFluentSyntax, Container, Newable, ServiceIdentifier } from 'inversify';
import { AssembledApplication } from '../application/application.js';
import { assemble } from '../application/assemble.js';
import type { ApplicationModule } from '../contracts/application.js';
import type { Duration } from '../contracts/duration.js';
import type { ApplicationEvents } from '../contracts/events.js';
import type { HealthReport, HealthStatus } from '../contracts/health.js';
import type { OperatorView, WorkerReport } from '../contracts/reports.js';
import type { RunRecord } from '../contracts/run.js';
import type { StopReport } from '../contracts/stop-report.js';
import type { WorkerState } from '../contracts/worker.js';
import { PlbaError } from '../errors.js';
import { moveTimeUntil } from './move-time.js';
import { RecordedLines, type LogLine } from './recorded-lines.js';
import { VirtualClock } from './virtual-clock.js';

type Override = (container: Container) => void;

/**
 * The real runtime for a test: time is virtual, bindings can be replaced, log lines are kept, and no port is opened. Nothing is
 * read from files or from the environment of the process; what the application needs to be told, {@link TestApplicationBuilder.config}
 * tells it.
 */
export function testApplication(root: Newable<ApplicationModule>): TestApplicationBuilder {
  return new TestApplicationBuilder(root);
}

/** What a test wants to be different. Every call answers the builder. */
export class TestApplicationBuilder {
  private readonly overrides: Override[] = [];
  private values: Record<string, unknown> = { plba: { control: { enabled: false } } };
  private variables: Record<string, string> = {};
  private instant: Date | string | number | undefined;
  private isManual = false;

  constructor(private readonly root: Newable<ApplicationModule>) {}

  /**
   * Replaces a binding, before anything is resolved: `.rebind(Gateway, (binding) => binding.toConstantValue(fake))`.
   * Starting rejects with `BINDING_MISSING` when no module binds `identifier`.
   */
  rebind<T>(identifier: ServiceIdentifier<T>, bind: (binding: BindToFluentSyntax<T>) => unknown): this {
    this.overrides.push((container) => {
      if (!container.isBound(identifier)) {
        const name = typeof identifier === 'function' ? identifier.name : String(identifier);
        throw new PlbaError('BINDING_MISSING', `the test rebinds ${name}, and no module binds it`, {
          hint: 'rebind the identifier that the application injects',
        });
      }
      bind(container.rebind(identifier));
    });
    return this;
  }

  /** Configuration by section, over class defaults: `.config({ invoices: { batchSize: 5 } })`. Calls add up. */
  config(values: Readonly<Record<string, unknown>>): this {
    this.values = mergeSections(this.values, values);
    return this;
  }

  /** Environment variables, as configuration reads them. Calls add up. */
  env(variables: Readonly<Record<string, string>>): this {
    this.variables = { ...this.variables, ...variables };
    return this;
  }

  /** The instant at which the test begins. Default: 2026-01-05T00:00:00Z, a Monday. */
  at(instant: Date | string | number): this {
    this.instant = instant;
    return this;
  }

  /** No trigger makes a run happen: only {@link TestApplication.step} does. */
  manual(): this {
    this.isManual = true;
    return this;
  }

  /** Starts the application. Rejects with what would fail its start. */
  async start(): Promise<TestApplication> {
    const clock = new VirtualClock(this.instant === undefined ? {} : { at: this.instant });
    const lines = new RecordedLines();
    const application = new AssembledApplication(assemble(this.root), {
      directory: noFiles,
      env: this.variables,
      config: this.values,
      clock,
      logDestination: lines,
      manual: this.isManual,
      keepRunning: true,
      rebind: (container) => {
        for (const override of this.overrides) override(container);
      },
    });
    await moveTimeUntil(clock, application.start());
    return new TestApplication(application, clock, lines);
  }
}

/** A folder that holds no configuration. */
const noFiles = '/nonexistent';

/** A running application in the hands of a test. */
export class TestApplication {
  private stopped: Promise<StopReport> | undefined;

  constructor(
    private readonly application: AssembledApplication,
    /** The application's time. */
    readonly clock: VirtualClock,
    private readonly recorded: RecordedLines,
  ) {}

  /** The application's container. Bindings must be replaced by the builder: here they have been resolved. */
  get container(): Container {
    return this.application.container;
  }

  /** What an operator sees and steers: the same as the control plane shows. */
  get operator(): OperatorView {
    return this.application.operator;
  }

  /** What happens in the application from now on. */
  get events(): ApplicationEvents {
    return this.application.events;
  }

  /** Something from the container. */
  get<T>(identifier: ServiceIdentifier<T>): T {
    return this.application.get(identifier);
  }

  /** Does one run of a worker, now, and gives its record. Time passes only as far as the run waits for it. */
  async step(worker: string): Promise<RunRecord> {
    const supervised = this.application.supervisor().get(worker);
    return moveTimeUntil(this.clock, supervised.runNow());
  }

  /** Lets time pass: whatever becomes due on the way happens, in order, and comes to rest. */
  async advance(duration: Duration): Promise<void> {
    await this.clock.advance(duration);
  }

  /**
   * Lets time pass until a worker is in a state, or has a health. Rejects when that has not happened after `within`
   * (default: a day) of virtual time.
   */
  async until(worker: string, wanted: WorkerState | HealthStatus, within: Duration = '24h'): Promise<void> {
    const supervised = this.application.supervisor().get(worker);
    const isThere = (): boolean => {
      if (supervised.state === wanted) return true;
      const health = supervised.health();
      // What a hand-written worker answers later has been asked for by the platform as well: it is in the report by then.
      const status =
        health instanceof Promise ? this.application.operator.health()?.workers[worker]?.raw : health.status;
      return status === wanted;
    };
    if (await this.clock.advanceUntil(isThere, within)) return;
    const { status, reason } = await supervised.health();
    const outcomes = this.ledger(worker).map(({ outcome }) => outcome);
    throw new Error(
      `worker "${worker}" was not ${wanted} within ${within}: it is ${supervised.state} and ${status}` +
        `${reason === undefined ? '' : ` (${reason})`}; its last runs: ${outcomes.slice(0, 5).join(', ') || 'none'}`,
    );
  }

  /** Health now, of a group or of the whole: every worker and contributor has just been asked. */
  async health(group?: string): Promise<HealthReport> {
    await moveTimeUntil(this.clock, this.application.healthService().refresh());
    const report = this.application.operator.health(group);
    if (report === undefined) {
      throw new Error(
        `there is no health group "${group ?? ''}"; there are: ${this.application.operator.healthGroups().join(', ')}`,
      );
    }
    return report;
  }

  /** The runs of a worker, newest first. */
  ledger(worker: string): readonly RunRecord[] {
    return this.application.supervisor().get(worker).executor.ledger.records();
  }

  /** A worker as an operator sees it. */
  worker(worker: string): WorkerReport {
    const report = this.application.operator.worker(worker);
    if (report === undefined) throw new Error(`there is no worker "${worker}"`);
    return report;
  }

  /** The log lines so far, oldest first. */
  logs(): readonly LogLine[] {
    return this.recorded.lines;
  }

  /** Stops the application and gives the report. Rejects when it leaves timers behind, and says where they were set. */
  stop(): Promise<StopReport> {
    return (this.stopped ??= this.stopAndCheck());
  }

  /** For `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  private async stopAndCheck(): Promise<StopReport> {
    const report = await moveTimeUntil(this.clock, this.application.stop('the test is over'));
    await this.clock.advance(0);
    const leaked = this.clock.pendingTimers();
    if (leaked.length > 0) {
      const origins = leaked.map(({ origin, dueAt }) => `  due ${dueAt.toISOString()}, set at ${origin}`);
      throw new Error(`the application has stopped and left ${leaked.length} timer(s) behind:\n${origins.join('\n')}`);
    }
    return report;
  }
}

function mergeSections(
  base: Readonly<Record<string, unknown>>,
  added: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(added)) {
    const before = merged[key];
    merged[key] = isPlain(before) && isPlain(value) ? mergeSections(before, value) : value;
  }
  return merged;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
