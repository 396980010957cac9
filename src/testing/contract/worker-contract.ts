import type { Worker } from '../../contracts/worker.js';
import { ContractStage, type WorkerContractOptions } from './contract-stage.js';
import { rulesOfAnswers } from './rules-of-answers.js';
import { rulesOfLife } from './rules-of-life.js';

/** One rule that every worker keeps, and how to find out. */
export interface ContractRule {
  /** Continues the sentence "a worker …". */
  readonly rule: string;
  /** Rejects with `TEST_CONTRACT_BROKEN` when the worker breaks the rule. */
  readonly check: () => Promise<void>;
}

/**
 * The rules that everything that implements `Worker` has to keep, for any test runner: `for (const { rule, check } of
 * workerContract(() => new MyWorker())) test(rule, check)`. Each check makes a worker of its own, in virtual time.
 */
export function workerContract(make: () => Worker, options: WorkerContractOptions = {}): readonly ContractRule[] {
  return Object.entries({ ...rulesOfLife, ...rulesOfAnswers }).map(([rule, keep]) => ({
    rule,
    check: async () => {
      const stage = new ContractStage(make, options);
      try {
        await keep(stage);
      } finally {
        await stage.strike();
      }
    },
  }));
}
