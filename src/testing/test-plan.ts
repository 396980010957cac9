import type { Container, Newable } from 'inversify';
import type { ApplicationModule } from '../contracts/application.js';
import type { Worker } from '../contracts/worker.js';
import type { FaultBoard } from './faults/fault-board.js';
import type { AdaptRun } from './faults/probed-worker.js';

/** What a test wants of an application: what `testApplication()` collects, and what starting it is made of. */
export interface TestPlan {
  readonly root: Newable<ApplicationModule>;
  /** Changes to bindings, in order. Each throws what is wrong with it. */
  readonly overrides: readonly ((bound: BoundServices) => void)[];
  /** Configuration by section, over every other source. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly at?: Date | string | number;
  readonly seed?: number;
  readonly manual: boolean;
  /** The workers that are in, or those that are out; both by class. */
  readonly only: readonly Newable<Worker>[];
  readonly without: readonly Newable<Worker>[];
  /** Faults that are there from the beginning. */
  readonly faults: readonly ((faults: FaultBoard) => void)[];
  /** Changes what runs are given. */
  readonly adaptRun?: AdaptRun;
}

/** What is bound when the overrides of a test come. */
export interface BoundServices {
  readonly container: Container;
  /** The class behind each service that was bound to one. */
  readonly implementations: ReadonlyMap<unknown, Newable>;
}

/** The plan of a test that wants nothing to be different but what the test kit is about. */
export function plainPlan(root: Newable<ApplicationModule>): TestPlan {
  return {
    root,
    overrides: [],
    values: {},
    variables: {},
    manual: false,
    only: [],
    without: [],
    faults: [],
  };
}
