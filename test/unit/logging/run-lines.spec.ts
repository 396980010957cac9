import { expect } from 'chai';
import { RunLines } from '../../../src/logging/run-lines.js';

const line = (runId: string, msg: string): string => `${JSON.stringify({ level: 'info', runId, msg })}\n`;

describe('the lines of runs', () => {
  it('go to the run that they carry the id of', () => {
    const lines = new RunLines();
    const [a, b] = [lines.listen('a-1'), lines.listen('b-1')];
    lines.take(line('a-1', 'one'));
    lines.take(line('b-1', 'two'));
    lines.take(line('c-1', 'three'));
    lines.take(`${JSON.stringify({ msg: 'no id' })}\n`);
    expect(a.read().map(({ msg }) => msg)).to.deep.equal(['one']);
    expect(b.read().map(({ msg }) => msg)).to.deep.equal(['two']);
  });

  it('are not taken any more once the run has ended, and stay', () => {
    const lines = new RunLines();
    const tail = lines.listen('a');
    lines.take(line('a', 'one'));
    lines.end('a');
    lines.take(line('a', 'two'));
    expect(tail.read()).to.have.length(1);
  });

  it('are bounded for all runs together: what is oldest goes', () => {
    const lines = new RunLines(10_000);
    const tails = Array.from({ length: 20 }, (_, run) => {
      const tail = lines.listen(`run-${run}`);
      for (let count = 0; count < 10; count++) lines.take(line(`run-${run}`, 'x'.repeat(100)));
      lines.end(`run-${run}`);
      return tail;
    });
    expect(lines.bytes).to.be.at.most(10_000);
    expect(tails.reduce((sum, { bytes }) => sum + bytes, 0)).to.equal(lines.bytes);
    expect(tails[0]?.read()).to.deep.equal([]);
    expect(tails[0]?.dropped).to.equal(10);
    expect(tails.at(-1)?.read()).to.have.length(10);
  });

  it('go first where nothing was found, then where a run worked, and last where one says more or is in progress', () => {
    const lines = new RunLines(7_800);
    const endings = ['failed', 'worked', 'idle', undefined, 'worked', 'idle', 'blocked'] as const;
    const tails = endings.map((outcome, run) => {
      const tail = lines.listen(`run-${run}`);
      lines.take(line(`run-${run}`, 'x'.repeat(1_000)));
      if (outcome !== undefined) lines.end(`run-${run}`, outcome);
      return tail;
    });
    const left: string[] = [];
    for (let run = 0; run < 8; run++) {
      const holding = endings.filter((_, index) => (tails[index]?.bytes ?? 0) > 0);
      left.push(holding.map((outcome) => outcome ?? 'open').join(' '));
      lines.listen(`later-${run}`);
      lines.take(line(`later-${run}`, 'x'.repeat(1_000)));
      lines.end(`later-${run}`, 'failed');
    }
    expect(left).to.deep.equal([
      'failed worked idle open worked idle blocked',
      'failed worked open worked idle blocked',
      'failed worked open worked blocked',
      'failed open worked blocked',
      'failed open blocked',
      'open blocked',
      'blocked',
      '',
    ]);
  });

  it('stay where a run failed at midnight, whatever is logged after it by those that find nothing', () => {
    const lines = new RunLines(10_000);
    const failed = lines.listen('failed');
    lines.take(line('failed', 'the partner said no'));
    lines.end('failed', 'failed');
    for (let run = 0; run < 1_000; run++) {
      lines.listen(`idle-${run}`);
      lines.take(line(`idle-${run}`, 'x'.repeat(100)));
      lines.end(`idle-${run}`, 'idle');
    }
    expect(failed.read().map(({ msg }) => msg)).to.deep.equal(['the partner said no']);
    expect(lines.bytes).to.be.within(9_000, 10_000);
  });

  it('are bounded for each run in bytes, whatever it writes in', () => {
    for (const character of ['x', 'é', '請', '🧾']) {
      const lines = new RunLines();
      const tail = lines.listen('a');
      for (let count = 0; count < 200; count++) lines.take(line('a', character.repeat(100)));
      const kept = tail.read();
      const bytes = kept.reduce((sum, each) => sum + Buffer.byteLength(JSON.stringify(each)), 0);
      expect(bytes, character).to.be.within(7_000, 8_192);
      expect(tail.bytes, character).to.equal(bytes);
      expect(kept.length + tail.dropped).to.equal(200);
    }
  });

  it('leave room again when a run is forgotten', () => {
    const lines = new RunLines();
    const tail = lines.listen('a');
    lines.take(line('a', 'one'));
    tail.clear();
    expect(lines.bytes).to.equal(0);
  });
});
