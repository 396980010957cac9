import type { BindToFluentSyntax, Newable, ServiceIdentifier } from 'inversify';
import type { ApplicationModule } from '../contracts/application.js';
import type { Worker } from '../contracts/worker.js';
import { PlbaError } from '../errors.js';
import type { FailOptions, FaultOptions, FaultPoint } from './faults/fault.js';
import type { FaultBoard } from './faults/fault-board.js';
import { replaceBinding, type PublicSide } from './rebinding.js';
import { chanceSeed } from './seeded-random.js';
import { startTestApplication } from './start-test-application.js';
import type { TestApplication } from './test-application.js';
import { plainPlan, type TestPlan } from './test-plan.js';

/**
 * The real runtime for a test: time is virtual, bindings can be replaced, log lines are kept, and no port is opened. Nothing is
 * read from files or from the environment of the process; what the application needs to be told, {@link TestApplicationBuilder.config}
 * tells it.
 */
export function testApplication(root: Newable<ApplicationModule>): TestApplicationBuilder {
  return new TestApplicationBuilder(root);
}

/** What a test wants to be different. Every call answers the builder; after {@link start} there are no more of them. */
export class TestApplicationBuilder {
  private plan: TestPlan;
  private isStarted = false;

  constructor(root: Newable<ApplicationModule>) {
    this.plan = plainPlan(root);
  }

  /**
   * Replaces a binding, before anything is resolved: `.rebind(Gateway, (binding) => binding.toConstantValue(fake))`.
   * Whatever stands in needs the public members of what it stands for, not its private ones.
   * Starting rejects with `BINDING_MISSING` when no module binds `identifier`.
   */
  rebind<T>(identifier: ServiceIdentifier<T>, bind: (binding: BindToFluentSyntax<PublicSide<T>>) => unknown): this {
    const { overrides } = this.plan;
    return this.with({
      overrides: [
        ...overrides,
        (bound) => {
          replaceBinding(bound, identifier, bind);
        },
      ],
    });
  }

  /** Configuration by section, over class defaults: `.config({ invoices: { batchSize: 5 } })`. Calls add up. */
  config(values: Readonly<Record<string, unknown>>): this {
    return this.with({ values: mergeSections(this.plan.values, values) });
  }

  /** Environment variables, as configuration reads them. Calls add up. */
  env(variables: Readonly<Record<string, string>>): this {
    return this.with({ variables: { ...this.plan.variables, ...variables } });
  }

  /** The instant at which the test begins. Default: 2026-01-05T00:00:00Z, a Monday. */
  at(instant: Date | string | number): this {
    return this.with({ at: instant });
  }

  /** No trigger makes a run happen: only {@link TestApplication.step} does. */
  manual(): this {
    return this.with({ manual: true });
  }

  /**
   * Leaves workers out. Those that need them do not wait for them.
   * Starting rejects with `WORKER_UNKNOWN` for a class that no module lists as a worker.
   */
  without(...workers: readonly Newable<Worker>[]): this {
    return this.with({ without: [...this.plan.without, ...workers] });
  }

  /** Leaves out all workers but these. Otherwise as {@link without}. */
  only(...workers: readonly Newable<Worker>[]): this {
    return this.with({ only: [...this.plan.only, ...workers] });
  }

  /**
   * Leaves the order of simultaneous events to chance. The same seed gives the same order; without one, a seed is picked
   * and printed to standard error.
   */
  seed(seed?: number): this {
    if (seed !== undefined) return this.with({ seed });
    const picked = chanceSeed();
    process.stderr.write(`plba/testing: events are ordered by seed ${picked}; .seed(${picked}) replays it\n`);
    return this.with({ seed: picked });
  }

  /** As {@link TestApplication.fail}, from the beginning. `at` cannot be `life`: there is none yet. */
  fail(worker: string, error: unknown, options?: FailOptions & { readonly at?: FaultPoint }): this {
    return this.fault((faults) => faults.fail(worker, error, options));
  }

  /** As {@link TestApplication.hang}, from the beginning. */
  hang(worker: string, at: FaultPoint, options?: FaultOptions): this {
    return this.fault((faults) => faults.hang(worker, at, options));
  }

  /** As {@link TestApplication.block}, from the beginning. */
  block(needs: string | readonly string[], options?: FaultOptions): this {
    return this.fault((faults) => faults.block(needs, options));
  }

  /** As {@link TestApplication.disconnect}, from the beginning. */
  disconnect(contributor: string, reason?: string, options?: FaultOptions): this {
    return this.fault((faults) => faults.disconnect(contributor, reason, options));
  }

  /**
   * Starts the application. Rejects with what would fail its start. Called again it starts another one, with containers,
   * time and chance of its own; what {@link rebind} bound to a constant they share.
   */
  start(): Promise<TestApplication> {
    this.isStarted = true;
    return startTestApplication(this.plan);
  }

  /** What a test wants so far. @internal */
  get wanted(): TestPlan {
    return this.plan;
  }

  private fault(order: (faults: FaultBoard) => unknown): this {
    return this.with({ faults: [...this.plan.faults, order] });
  }

  private with(change: Partial<TestPlan>): this {
    if (this.isStarted) {
      throw new PlbaError(
        'TEST_REBIND_LATE',
        'the test changes what it wants of an application that it has started: components keep what they were given',
        { hint: 'call everything else before .start(), or begin again with testApplication(…)' },
      );
    }
    this.plan = { ...this.plan, ...change };
    return this;
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
