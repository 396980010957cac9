import { expect } from 'chai';
import * as library from 'cli-progress';
import fc from 'fast-check';
import type { RunRecord } from '../../../src/contracts/run.js';
import { TerminalLines } from '../../../src/logging/terminal-lines.js';
import { ProgressBars } from '../../../src/progress/progress-bars.js';
import { Screen } from '../../support/screen.js';

/** A terminal, the log that is written to it, and bars below. */
class Stage {
  readonly screen = new Screen();
  waiting = 0;
  paints = 0;
  readonly terminal = new TerminalLines({
    write: (text) => {
      this.paints++;
      this.screen.write(text);
    },
    counts: () => ({ waiting: this.waiting }),
  });
  readonly bars = new ProgressBars(library, {
    screen: this.terminal,
    clean: (text) => text.replace('secret', '***'),
    now: () => 0,
  });
}

const run = (id: string, done: number, more: Partial<RunRecord> = {}): RunRecord => ({
  id,
  worker: `worker-${id}`,
  trigger: 'once',
  attempt: 1,
  started: new Date(0),
  traceId: '1'.repeat(32),
  progress: { done, total: 9, at: new Date(0) },
  ...more,
});

describe('progress bars', () => {
  let stage: Stage;
  beforeEach(() => {
    stage = new Stage();
  });
  afterEach(() => {
    stage.bars.close();
  });

  it('stand below the log lines', () => {
    stage.terminal.write('first\n');
    stage.bars.show(run('a', 1));
    stage.bars.show(run('b', 2));
    stage.terminal.write('second\n');
    stage.terminal.write('third\n    in two lines\n');
    expect(stage.screen.lines.slice(0, 4)).to.deep.equal(['first', 'second', 'third', '    in two lines']);
    expect(stage.screen.lines.slice(4).map((line) => line.slice(0, 8))).to.deep.equal(['worker-a', 'worker-b']);
  });

  it('leave what a run has come to among the lines', () => {
    stage.bars.show(run('a', 1));
    stage.bars.end(run('a', 9, { outcome: 'worked' }));
    stage.terminal.write('after\n');
    expect(stage.screen.lines).to.deep.equal(['worker-a [========================]100% 9/9 worked', 'after']);
  });

  it('have no secret in a note', () => {
    stage.bars.show(run('a', 1, { progress: { done: 1, at: new Date(0), note: 'the secret' } }));
    expect(stage.screen.lines).to.deep.equal(['worker-a 1 done: the ***']);
  });

  it('are not there for runs that never say how far they are', () => {
    stage.bars.end(run('a', 1, { outcome: 'worked' }));
    expect(stage.screen.lines).to.deep.equal(['']);
  });

  it('go when the application ends before its runs do', () => {
    stage.bars.show(run('a', 1));
    stage.bars.close();
    stage.terminal.write('the end\n');
    expect(stage.screen.lines).to.deep.equal(['the end']);
  });

  it('are not painted on a terminal that somebody holds, and log lines still are', async () => {
    stage.bars.show(run('a', 1));
    stage.waiting = 1;
    const { paints } = stage;
    stage.bars.show(run('a', 2));
    await new Promise((resolve) => setTimeout(resolve, 250)); // the library paints ten times a second, in real time
    expect(stage.paints).to.equal(paints);
    stage.terminal.write('said\n');
    expect(stage.screen.lines[0]).to.equal('said');
  });

  it('never harm a line, whatever happens in whatever order', () => {
    const step = fc.record({ what: fc.constantFrom('show', 'end', 'line'), id: fc.constantFrom('a', 'b', 'c') });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const { screen, terminal, bars } = new Stage();
        const shown = new Set<string>();
        const expected: string[] = [];
        for (const [index, { what, id }] of steps.entries()) {
          if (what === 'line') {
            terminal.write(`line ${index}\n`);
            expected.push(`line ${index}`);
          } else if (what === 'show') {
            bars.show(run(id, index));
            shown.add(id);
          } else {
            bars.end(run(id, 9, { outcome: 'idle' }));
            if (shown.delete(id)) expected.push(`worker-${id} [========================]100% 9/9 idle`);
          }
        }
        bars.close();
        expect(screen.lines).to.deep.equal(expected.length === 0 ? [''] : expected);
      }),
    );
  });
});
