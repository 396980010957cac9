import { expect } from 'chai';
import type { ExitCode, StopResult, WorkerStopReport } from 'plba';
import { describeCause, exitCodeFor, type StopCause } from '../../../src/lifecycle/exit-code.js';

const report = (result: StopResult): WorkerStopReport => ({ worker: 'w', result, durationMs: 1 });
const error = new Error('boom');

describe('the exit code', () => {
  const cases: [cause: StopCause, results: StopResult[], code: ExitCode][] = [
    [{ kind: 'asked', reason: 'SIGTERM' }, ['drained', 'aborted', 'completed', 'not-started'], 0],
    [{ kind: 'asked', reason: 'SIGTERM' }, ['drained', 'abandoned'], 4],
    [{ kind: 'all-ended', anyFailed: false }, ['completed'], 0],
    [{ kind: 'all-ended', anyFailed: true }, ['completed'], 3],
    [{ kind: 'start-failed', error }, ['drained'], 1],
    [{ kind: 'start-failed', error }, ['abandoned'], 1],
    [{ kind: 'worker-lost', worker: 'w', error }, ['drained'], 3],
    [{ kind: 'worker-lost', worker: 'w', error }, ['abandoned'], 4],
    [{ kind: 'process-error', error }, ['aborted'], 3],
  ];
  for (const [cause, results, code] of cases) {
    it(`is ${code} when it stops because ${describeCause(cause)}, and workers ended ${results.join(', ')}`, () => {
      expect(exitCodeFor(cause, results.map(report))).to.equal(code);
    });
  }
});
