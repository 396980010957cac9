import type { BindToFluentSyntax, Newable, ServiceIdentifier } from 'inversify';
import { ApplicationModule, type ModuleBuilder } from '../contracts/application.js';
import type { Duration } from '../contracts/duration.js';
import type { Health } from '../contracts/health.js';
import type { RunContext, RunRecord } from '../contracts/run.js';
import type { WorkerStopReport } from '../contracts/stop-report.js';
import type { RunTrigger } from '../contracts/trigger.js';
import type { Worker } from '../contracts/worker.js';
import { getWorkerOptions } from '../worker/metadata.js';
import { isSteerable } from '../worker/steerable.js';
import { changeRun } from './change-run.js';
import type { LogLine } from './recorded-lines.js';
import { startTestApplication } from './start-test-application.js';
import type { TestApplication } from './test-application.js';
import { plainPlan } from './test-plan.js';
import type { RecordedSpan } from './tracing/recorded-span.js';

/** inversify's own fluent binding. */
export type Bind = <T>(identifier: ServiceIdentifier<T>) => BindToFluentSyntax<T>;

/** What the run is told, where that should not be what it is. */
export interface RunWorkerContext {
  /** Default 1. */
  readonly attempt?: number;
  /** Default `operator`. */
  readonly trigger?: RunTrigger;
  /** When a schedule wanted the run. */
  readonly scheduledFor?: Date;
}

/** What {@link runWorker} takes. All of it is optional. */
export interface RunWorkerOptions {
  /** Binds what the worker injects: `(bind) => bind(Gateway).toConstantValue(fake)`. */
  readonly bindings?: (bind: Bind) => unknown;
  readonly context?: RunWorkerContext;
  /** The time of day. Default: 2026-01-05T00:00:00Z, a Monday. */
  readonly at?: Date | string | number;
  /** For how long a worker that decides itself when to run is left alone before it is stopped. Default 0. */
  readonly for?: Duration;
}

/** What became of a worker that was run. */
export interface WorkerRun<W> {
  readonly worker: W;
  /** Its last run; absent when it has done none. */
  readonly record?: RunRecord;
  /** Its ledger, newest run first: all of its runs, as long as they are no more than the ledger holds. */
  readonly ledger: readonly RunRecord[];
  /** As it was after the run, before the stop. */
  readonly health: Health;
  readonly logs: readonly LogLine[];
  readonly spans: readonly RecordedSpan[];
  /** How its stop went. */
  readonly stop: WorkerStopReport;
}

/**
 * Tests one worker without an application: it is constructed with the given bindings, started, does one run, and is stopped,
 * in virtual time and under the same supervision as anywhere. A worker that decides itself when to run does what it does.
 *
 * @throws what would fail its start, such as `BINDING_MISSING`; `TEST_LEAKED` when it leaves something behind
 */
export async function runWorker<W extends Worker>(
  type: Newable<W>,
  options: RunWorkerOptions = {},
): Promise<WorkerRun<W>> {
  const { bindings, context = {}, at } = options;
  class OneWorker extends ApplicationModule {
    readonly name = 'one-worker';
    override assemble(module: ModuleBuilder): void {
      bindings?.((identifier) => module.bind(identifier));
      module.worker(type);
    }
  }
  const name = getWorkerOptions(type)?.name ?? type.name;
  const app = await startTestApplication({
    ...plainPlan(OneWorker),
    manual: true,
    values: { plba: { workers: { [name]: { needs: [] } } } }, // there is nothing else that it could wait for
    ...(at !== undefined && { at }),
    adaptRun: (run: RunContext) => changeRun(run, context),
  });
  const worker = app.get<W>(type);
  const seen = await lookAt(app, name, isSteerable(worker), options.for ?? 0).catch(async (error: unknown) => {
    await app.stop({ leaks: 'ignore' });
    throw error;
  });
  const { workers } = await app.stop();
  const stop = workers.find((report) => report.worker === name) as WorkerStopReport;
  return { worker, ...seen, logs: app.logs(), spans: app.spans(), stop };
}

async function lookAt(
  app: TestApplication,
  name: string,
  canBeAsked: boolean,
  duration: Duration,
): Promise<Pick<WorkerRun<unknown>, 'record' | 'ledger' | 'health'>> {
  if (canBeAsked) await app.step(name);
  else await app.advance(duration);
  const ledger = app.ledger(name);
  const [record] = ledger;
  await app.health();
  const { health } = app.worker(name);
  return { ...(record !== undefined && { record }), ledger, health };
}
