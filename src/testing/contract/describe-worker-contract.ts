import type { Worker } from '../../contracts/worker.js';
import { PlbaError } from '../../errors.js';
import type { WorkerContractOptions } from './contract-stage.js';
import { workerContract } from './worker-contract.js';

/** How a test runner groups tests: `describe` of mocha, node:test, vitest or jest. */
export type DescribeTests = (title: string, body: () => void) => unknown;

/** How a test runner takes a test: `it` of mocha, node:test, vitest or jest. */
export type DefineTest = (title: string, body: () => Promise<void>) => unknown;

/** What {@link describeWorkerContract} may be told. */
export interface DescribeContractOptions extends WorkerContractOptions {
  /** What the group of tests is called. Default: the name of the worker's class. */
  readonly title?: string;
  /** The runner's own. Default: the global one, as mocha has it. */
  readonly describe?: DescribeTests;
  /** The runner's own. Default: the global one, as mocha has it. */
  readonly it?: DefineTest;
}

/**
 * Tests that a hand-written worker keeps the contract of `Worker`, a test for each rule: `describeWorkerContract(() => new
 * MyWorker())`. Where the runner has no globals it is handed in: `import { describe, it } from 'node:test'` and
 * `describeWorkerContract(() => new MyWorker(), { describe, it })`.
 */
export function describeWorkerContract(make: () => Worker, options: DescribeContractOptions = {}): void {
  const globals = globalThis as { describe?: DescribeTests; it?: DefineTest };
  const { describe = globals.describe, it = globals.it, title = `${make().constructor.name}, as a worker,` } = options;
  if (describe === undefined || it === undefined) {
    throw new PlbaError('OPTION_INVALID', 'describeWorkerContract() finds no describe() and it() of a test runner', {
      hint: 'hand them in: describeWorkerContract(make, { describe, it })',
    });
  }
  describe(title, () => {
    for (const { rule, check } of workerContract(make, options)) {
      it(rule, async () => {
        await check();
      });
    }
  });
}
