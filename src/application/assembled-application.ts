import type { Container, ServiceIdentifier } from 'inversify';
import type { ApplicationLifetime, ApplicationState } from '../contracts/application.js';
import type { Clock } from '../contracts/clock.js';
import type { Logger } from '../contracts/logger.js';
import type { MetricFamily } from '../contracts/metrics.js';
import type { OperatorView } from '../contracts/reports.js';
import type { StopReport } from '../contracts/stop-report.js';
import { PlbaError } from '../errors.js';
import { EventBus } from '../events/event-bus.js';
import type { HealthService } from '../health/health-service.js';
import { describeCause, exitCodeFor, type StopCause } from '../lifecycle/exit-code.js';
import { summarizeError } from '../plain/error-summary.js';
import { scrubSummary } from '../plain/scrub-summary.js';
import type { Scrub } from '../secrets/scrub.js';
import { SecretVault } from '../secrets/secret-vault.js';
import { SystemClock } from '../time/system-clock.js';
import { within } from '../time/within.js';
import { isOver } from '../worker/states.js';
import type { Supervisor } from '../worker/supervisor.js';
import type { Application } from './application.js';
import type { Assembly } from './assemble.js';
import type { ControlPart } from './control-part.js';
import { prepareRuntime } from './prepare-runtime.js';
import type { Runtime, RuntimeOptions, RuntimeSurroundings } from './runtime.js';

const longestFlushMs = 1_000;
const shortestFlushMs = 100;
/** Whoever wants to stop waits so long for an application that is still being constructed. */
const prepareTimeoutMs = 5_000;

/** An application whose modules are known. */
export class AssembledApplication implements Application {
  readonly name: string;
  readonly ended: Promise<StopReport>;
  readonly events: EventBus;
  private readonly clock: Clock;
  private readonly vault = new SecretVault();
  private final: StopReport | undefined;
  private resolveEnded: (report: StopReport) => void = () => undefined;
  private preparing: Promise<Runtime> | undefined;
  /** Whoever stops it waits no longer than necessary. */
  private readonly hurried = new AbortController();
  /** It was told to stop, and its construction did not come to an end. */
  private readonly givenUp = new AbortController();
  private runtime: Runtime | undefined;
  /** Where it is in its life while there is no runtime. */
  private beforeRuntime: ApplicationLifetime;

  constructor(
    private readonly assembly: Assembly,
    private readonly options: RuntimeOptions,
    private readonly isOnlyLookedAt = (): boolean => false,
  ) {
    this.name = assembly.name;
    this.clock = options.clock ?? new SystemClock();
    this.events = new EventBus(this.clock);
    this.beforeRuntime = this.lifetimeOf('created');
    this.ended = new Promise((resolve) => {
      this.resolveEnded = resolve;
    });
  }

  get lifetime(): ApplicationLifetime {
    return this.runtime?.lifetime ?? this.beforeRuntime;
  }

  get operator(): OperatorView {
    return this.prepared('shown').view;
  }

  get controlAddress(): { readonly host: string; readonly port: number } | undefined {
    return this.runtime?.controlAddress();
  }

  async start(): Promise<void> {
    if (this.isOnlyLookedAt()) return new Promise(() => undefined);
    if (this.preparing !== undefined) {
      throw new PlbaError('APPLICATION_STATE', `application "${this.name}" cannot start: it was started before`, {
        hint: 'an application starts once; create another one',
      });
    }
    const { options, clock } = this;
    if (this.final !== undefined) throw this.stoppedBefore();
    this.preparing = prepareRuntime(this.assembly, { ...options, clock }, this.surroundings());
    this.preparing.catch(() => undefined); // whoever gives up does not hear of it any more
    let runtime: Runtime | undefined;
    try {
      runtime = await within(clock, Infinity, this.preparing, this.givenUp.signal);
    } catch (error) {
      await this.end({ kind: 'start-failed', error });
      throw error;
    }
    if (runtime === undefined) throw this.stoppedBefore();
    this.runtime = runtime;
    try {
      await runtime.lifecycle.start();
    } catch (error) {
      await this.end({ kind: 'start-failed', error });
      throw error;
    }
    runtime.watchForEnd();
  }

  stop(reason = 'asked to stop'): Promise<StopReport> {
    return this.end({ kind: 'asked', reason });
  }

  /** Reads the configuration again, for somebody who cannot be answered: what is wrong stands in the log and in health. */
  async reload(by: string): Promise<void> {
    await this.runtime?.view.reload(by).catch(() => undefined);
  }

  hurry(): void {
    this.hurried.abort();
    this.runtime?.lifecycle.hurry();
  }

  /** Whether draining was broken off. */
  get isHurried(): boolean {
    return this.hurried.signal.aborted;
  }

  /** The names of the workers that are up, or on their way down. */
  get notStopped(): readonly string[] {
    const workers = this.runtime?.supervisor.workers ?? [];
    return workers.filter(({ state }) => !isOver(state)).map(({ name }) => name);
  }

  /** Stops for whatever cause. */
  async end(cause: StopCause): Promise<StopReport> {
    const runtime = this.runtime ?? (await this.whenPrepared());
    if (runtime === undefined) return this.finish(neverStarted(this.name, cause, (text) => this.scrub(text)));
    const report = await runtime.lifecycle.stop(cause);
    // A reader of the log that is stuck must not keep the application from ending.
    const limitMs = Math.max(shortestFlushMs, Math.min(longestFlushMs, runtime.lifecycle.leftToStopMs));
    await within(this.clock, limitMs, runtime.logging.flush());
    return this.finish(report);
  }

  get<T>(identifier: ServiceIdentifier<T>): T {
    this.prepared('asked for its components');
    return this.assembly.container.get(identifier);
  }

  /** Takes secrets out of what leaves the process: all that are known by now. */
  scrub(text: string): string {
    return this.vault.scrub(text);
  }

  /** The container, whatever has been bound into it so far. */
  get container(): Container {
    return this.assembly.container;
  }

  /** The supervisor. For the test kit. */
  supervisor(): Supervisor {
    return this.prepared('inspected').supervisor;
  }

  /** The health service. For the test kit. */
  healthService(): HealthService {
    return this.prepared('inspected').health;
  }

  /** The control plane. For the test kit. */
  control(): { readonly connect: ControlPart['connect'] } {
    return this.prepared('asked').control;
  }

  /** The metrics as they are now. For the test kit. */
  metrics(): readonly MetricFamily[] {
    return this.prepared('measured').metrics.collect();
  }

  /** The application's own logger, once there is one. */
  logger(): Logger | undefined {
    return this.runtime?.logging.logger(this.name);
  }

  /** The runtime once it is there; undefined when it does not come to be, or takes too long for somebody who wants to stop. */
  private async whenPrepared(): Promise<Runtime | undefined> {
    const preparing = this.preparing?.catch(() => undefined) ?? Promise.resolve(undefined);
    const runtime = await within(this.clock, prepareTimeoutMs, preparing, this.hurried.signal);
    if (runtime === undefined) this.givenUp.abort();
    return runtime;
  }

  private finish(report: StopReport): StopReport {
    if (this.final !== undefined) return this.final;
    this.final = report;
    this.beforeRuntime = this.lifetimeOf(report.exitCode === 0 ? 'stopped' : 'failed');
    this.resolveEnded(report);
    return report;
  }

  private surroundings(): RuntimeSurroundings {
    return { events: this.events, vault: this.vault, end: (cause) => void this.end(cause) };
  }

  private lifetimeOf(state: ApplicationState): ApplicationLifetime {
    return {
      state,
      since: new Date(this.clock.now()),
      stopping: state === 'created' ? notStopping : AbortSignal.abort(),
    };
  }

  private stoppedBefore(): PlbaError {
    return new PlbaError('START_ABORTED', `application "${this.name}" was told to stop before it was constructed`);
  }

  private prepared(what: string): Runtime {
    if (this.runtime !== undefined) return this.runtime;
    throw new PlbaError('APPLICATION_STATE', `application "${this.name}" cannot be ${what} before it is started`, {
      hint: 'await start() first',
    });
  }
}

const notStopping = new AbortController().signal;

function neverStarted(application: string, cause: StopCause, scrub: Scrub): StopReport {
  return {
    application,
    reason: describeCause(cause),
    exitCode: exitCodeFor(cause, []),
    durationMs: 0,
    workers: [],
    errors: 'error' in cause ? [scrubSummary(summarizeError(cause.error), scrub)] : [],
    open: [],
  };
}
