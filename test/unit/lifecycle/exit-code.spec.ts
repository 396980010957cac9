import { expect } from 'chai';
import type { ExitCode, StopResult, WorkerStopReport } from 'plba';
import { describeCause, exitCodeFor, formatStopReport, type StopCause } from '../../../src/lifecycle/exit-code.js';

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

describe('the stop report', () => {
  it('reads well on a terminal, and names what was left open and what went wrong', () => {
    const lines = formatStopReport({
      application: 'invoices',
      reason: 'SIGTERM',
      exitCode: 4,
      durationMs: 7_003,
      workers: [
        { worker: 'sync', result: 'abandoned', durationMs: 7_000, open: 'run 8f2-1' },
        { worker: 'report', result: 'failed', durationMs: 3, error: { name: 'Error', message: 'the disk is full' } },
        { worker: 'idle', result: 'not-started', durationMs: 0 },
      ],
      errors: [{ name: 'Error', message: 'the port is stuck' }],
      open: [
        { kind: 'server', what: 'on 127.0.0.1:9000', count: 1, owner: 'worker "sync"' },
        { kind: 'timer', count: 2, owner: 'worker "sync"' },
      ],
    }).split('\n');
    expect(lines).to.deep.equal([
      'invoices stopped: SIGTERM (exit code 4, 7003 ms)',
      '  sync: abandoned after 7000 ms; still open: run 8f2-1',
      '  report: failed after 3 ms; the disk is full',
      '  the port is stuck',
      '  would have kept the process alive, likely of worker "sync": server on 127.0.0.1:9000, 2 times timer',
    ]);
  });
});
