import { expect } from 'chai';
import type { WorkerStopReport } from '../../../src/contracts/stop-report.js';
import { formatStopReport } from '../../../src/lifecycle/stop-report-text.js';

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
      '  would have kept the process alive, likely of worker "sync":',
      '    server on 127.0.0.1:9000',
      '    2 times timer',
    ]);
  });

  const plain = { application: 'many', reason: 'SIGTERM', exitCode: 0, durationMs: 7, errors: [], open: [] } as const;
  const drained = (count: number): WorkerStopReport[] =>
    Array.from({ length: count }, (_, at) => ({ worker: `w${at}`, result: 'drained', durationMs: at }));

  it('has a line for each worker while there are few, and counts the well ones when there are many', () => {
    expect(formatStopReport({ ...plain, workers: drained(20) }).split('\n')).to.have.length(21);
    expect(formatStopReport({ ...plain, workers: drained(10_000) }).split('\n')).to.deep.equal([
      'many stopped: SIGTERM (exit code 0, 7 ms)',
      '  workers: 10000 drained',
    ]);
  });

  it('names those who did not stop as they should among many, as far as they fit', () => {
    const stuck = (count: number): WorkerStopReport[] =>
      drained(count).map(({ worker }) => ({
        worker: `stuck-${worker}`,
        result: 'abandoned',
        durationMs: 5,
        open: 'x',
      }));
    const done: WorkerStopReport = { worker: 'done', result: 'completed', durationMs: 0 };
    const few = formatStopReport({ ...plain, workers: [...drained(100), ...stuck(2), done] }).split('\n');
    expect(few.slice(1)).to.deep.equal([
      '  stuck-w0: abandoned after 5 ms; still open: x',
      '  stuck-w1: abandoned after 5 ms; still open: x',
      '  others: 100 drained, 1 completed',
    ]);
    const many = formatStopReport({ ...plain, workers: [...drained(100), ...stuck(30)] }).split('\n');
    expect(many).to.have.length(22);
    expect(many.at(-1)).to.equal('  others: 100 drained, 10 abandoned');
  });

  it('has a line for each thing that is open when they do not fit into one', () => {
    const open = [9_000, 9_001, 9_002].map((port) => ({ kind: 'server', what: `on 127.0.0.1:${port}`, count: 1 }));
    expect(
      formatStopReport({ ...plain, workers: [], open })
        .split('\n')
        .slice(1),
    ).to.deep.equal([
      '  would have kept the process alive:',
      '    server on 127.0.0.1:9000',
      '    server on 127.0.0.1:9001',
      '    server on 127.0.0.1:9002',
    ]);
  });

  it('has no text in it that could steer the terminal', () => {
    const error = { name: 'Error', message: 'from \u001b[2Jafar\nand \u0007near' };
    const text = formatStopReport({ ...plain, workers: [{ worker: 'a', result: 'failed', durationMs: 1, error }] });
    // eslint-disable-next-line no-control-regex -- control characters are the point
    expect(text.replaceAll('\n', '')).to.not.match(/[\u0000-\u001f]/);
    expect(text.split('\n')).to.have.length(2);
  });
});
