import { expect } from 'chai';
import fc from 'fast-check';
import { StandardOutput } from '../../../src/logging/standard-output.js';

const errorWith = (code: string): Error => Object.assign(new Error(code), { code });

/** An output of which a test says how much it takes and how it fails. */
class FakeOutput {
  text = '';
  /** Bytes that there is still room for. */
  room = Infinity;
  /** What a write throws that finds no room. */
  error = errorWith('EAGAIN');
  mostBytes = Infinity;
  pauses = 0;
  nowMs = 0;
  readonly recovered: number[] = [];
  /** Called when the output waits a millisecond. */
  paused: () => void = () => undefined;
  readonly output: StandardOutput;

  constructor(limitBytes = 100) {
    this.output = new StandardOutput({
      limitBytes,
      now: () => this.nowMs,
      pause: () => {
        this.nowMs++;
        this.pauses++;
        this.paused();
      },
      writeNow: (text) => {
        const bytes = Buffer.from(text);
        const taken = bytes.subarray(0, Math.min(this.room, this.mostBytes));
        if (taken.length === 0) throw this.error;
        this.room -= taken.length;
        this.text += taken.toString();
        return taken.length;
      },
    });
    this.output.onRecovered = (dropped) => this.recovered.push(dropped);
  }

  write(...lines: string[]): void {
    for (const line of lines) this.output.write(line);
  }
}

describe('StandardOutput', () => {
  it('has written a line when the call returns', () => {
    const fake = new FakeOutput();
    fake.write('a\n');
    expect(fake.text).to.equal('a\n');
    expect(fake.output.counts()).to.deep.equal({ written: 1, waiting: 0, dropped: 0 });
  });

  it('writes on when only a part was taken', () => {
    const fake = new FakeOutput();
    fake.mostBytes = 3;
    fake.write('äöü ß€\n');
    expect(Buffer.byteLength(fake.text)).to.be.at.least(10);
    expect(fake.output.counts().written).to.equal(1);
  });

  for (const code of ['EPIPE', 'ENOSPC', 'EIO', 'EBADF']) {
    it(`drops and counts a line on ${code}, tries again with the next, and reports once it came through`, () => {
      const fake = new FakeOutput();
      fake.error = errorWith(code);
      fake.room = 0;
      fake.write('a\n', 'b\n');
      fake.room = Infinity;
      fake.write('c\n', 'd\n');
      expect(fake.text).to.equal('c\nd\n');
      expect(fake.recovered).to.deep.equal([2]);
      expect(fake.output.counts()).to.deep.equal({ written: 2, waiting: 0, dropped: 2 });
    });
  }

  it('reports again when the report itself was dropped', () => {
    const fake = new FakeOutput();
    fake.error = errorWith('ENOSPC');
    fake.output.onRecovered = (dropped) => {
      fake.recovered.push(dropped);
      fake.write('report\n');
    };
    fake.room = 0;
    fake.write('a\n');
    fake.room = 2;
    fake.write('b\n');
    fake.room = Infinity;
    fake.write('c\n');
    expect(fake.recovered).to.deep.equal([1, 2]);
    expect(fake.text).to.equal('b\nc\nreport\n');
    expect(fake.output.counts()).to.deep.equal({ written: 3, waiting: 0, dropped: 2 });
  });

  it('holds nothing up as long as there is room to wait in', () => {
    const fake = new FakeOutput();
    fake.room = 0;
    for (let i = 0; i < 10; i++) fake.write('ten bytes\n');
    expect(fake.pauses).to.equal(0);
    expect(fake.output.counts()).to.deep.equal({ written: 0, waiting: 10, dropped: 0 });
  });

  it('lets lines wait, in order, and writes them as the reader makes room', async () => {
    const fake = new FakeOutput();
    fake.room = 0;
    fake.write('a\n', 'b\n');
    fake.room = Infinity;
    fake.write('c\n');
    expect(fake.output.counts()).to.deep.equal({ written: 0, waiting: 3, dropped: 0 });
    await fake.output.flush();
    fake.write('d\n');
    expect(fake.text).to.equal('a\nb\nc\nd\n');
    expect(fake.output.counts()).to.deep.equal({ written: 4, waiting: 0, dropped: 0 });
  });

  it('comes back by itself to what waits', async () => {
    const fake = new FakeOutput();
    fake.room = 0;
    fake.write('a\n');
    const flushed = fake.output.flush();
    fake.room = Infinity;
    await flushed;
    expect(fake.text).to.equal('a\n');
  });

  it('waits 20 ms for a reader before it drops a line, and not again until the reader has read', () => {
    const fake = new FakeOutput(10);
    fake.room = 0;
    fake.write('ten bytes\n', 'lost one\n', 'lost two\n');
    expect(fake.pauses).to.equal(20);
    fake.room = 10;
    fake.write('waiting!\n', 'lost 3 x\n');
    expect(fake.text).to.equal('ten bytes\n');
    expect(fake.pauses).to.equal(40);
    expect(fake.output.counts()).to.deep.equal({ written: 1, waiting: 1, dropped: 3 });
  });

  it('drops nothing when the reader makes room within those 20 ms', () => {
    const fake = new FakeOutput(10);
    fake.room = 0;
    fake.paused = () => {
      if (fake.pauses % 5 === 0) fake.room += 10;
    };
    for (let i = 0; i < 10; i++) fake.write('ten bytes\n');
    expect(fake.output.counts().dropped).to.equal(0);
  });

  it('finishes half a line before anything else, whatever the limit', async () => {
    const fake = new FakeOutput();
    fake.room = 4;
    const line = `${'x'.repeat(200)}\n`;
    fake.write(line, 'next\n');
    fake.room = Infinity;
    await fake.output.flush();
    expect(fake.text).to.equal(line);
    expect(fake.output.counts()).to.deep.equal({ written: 1, waiting: 0, dropped: 1 });
  });

  it('keeps half a line for a disk that is full, so that what follows is no part of it', async () => {
    const fake = new FakeOutput();
    fake.error = errorWith('ENOSPC');
    fake.room = 3;
    fake.write('abcdef\n', 'next\n');
    expect(fake.output.counts()).to.deep.equal({ written: 0, waiting: 2, dropped: 0 });
    fake.room = Infinity;
    await fake.output.flush();
    expect(fake.text).to.equal('abcdef\nnext\n');
  });

  it('drops what would make too much wait, and reports it when the rest has left', async () => {
    const fake = new FakeOutput();
    fake.room = 0;
    for (let i = 0; i < 20; i++) fake.write('ten bytes\n');
    expect(fake.output.counts()).to.deep.equal({ written: 0, waiting: 10, dropped: 10 });
    fake.room = Infinity;
    await fake.output.flush();
    expect(fake.recovered).to.deep.equal([10]);
  });

  it('counts as dropped what waited for a reader that went away', async () => {
    const fake = new FakeOutput();
    fake.room = 0;
    fake.write('a\n', 'b\n', 'c\n');
    fake.error = errorWith('EPIPE');
    await fake.output.flush();
    expect(fake.output.counts()).to.deep.equal({ written: 0, waiting: 0, dropped: 3 });
  });

  it('gives a reader that is stuck up after a second', async () => {
    const fake = new FakeOutput();
    fake.room = 0;
    fake.write('a\n');
    await fake.output.flush();
    expect(fake.output.counts().waiting).to.equal(1);
    fake.room = Infinity;
    await fake.output.flush();
  });

  /** Has the process exit, as far as this output is concerned. */
  function exit(fake: FakeOutput, line: string): (afterMs: number) => void {
    const others = process.listeners('exit');
    fake.room = 0;
    fake.write(line);
    const own = process.listeners('exit').filter((listener) => !others.includes(listener));
    return (afterMs) => {
      fake.nowMs += afterMs;
      for (const listener of own) listener(0);
      for (const listener of own) process.off('exit', listener);
    };
  }

  it('waits half a second at the exit for a reader that takes nothing, less what a flush has waited already', () => {
    const sudden = new FakeOutput();
    exit(sudden, 'a\n')(60_000);
    expect(sudden.pauses).to.equal(500);
    const stuck = new FakeOutput();
    const leave = exit(stuck, 'a\n');
    void stuck.output.flush();
    leave(400);
    expect(stuck.pauses).to.equal(100);
    stuck.room = Infinity;
    return stuck.output.flush(); // leaves no timer behind
  });

  it('gives a reader at the exit what it takes by then, however long that has waited', () => {
    const fake = new FakeOutput();
    const leave = exit(fake, 'a\n');
    fake.room = Infinity;
    leave(60_000);
    expect(fake.text).to.equal('a\n');
    expect(fake.pauses).to.equal(0);
  });

  it('is flushed at once when nothing waits', async () => {
    await new FakeOutput().output.flush();
  });

  it('loses count of no line, whatever the reader does', async () => {
    const moves = fc.array(
      fc.record({
        room: fc.nat(40),
        error: fc.constantFrom('EAGAIN', 'ENOSPC'),
        lines: fc.array(fc.nat(30), { maxLength: 6 }),
      }),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(moves, async (script) => {
        const fake = new FakeOutput(60);
        let called = 0;
        for (const { room, error, lines } of script) {
          fake.room = room;
          fake.error = errorWith(error);
          for (const length of lines) fake.write(`${String(called++)}:${'x'.repeat(length)}\n`);
          const { written, waiting, dropped } = fake.output.counts();
          expect(written + waiting + dropped).to.equal(called);
        }
        fake.room = Infinity;
        await fake.output.flush();
        const { written, dropped } = fake.output.counts();
        expect(written + dropped).to.equal(called);
        const numbers = fake.text.split('\n').flatMap((line) => /^(\d+):x*$/.exec(line)?.[1] ?? []);
        expect(numbers.map(Number)).to.deep.equal([...new Set(numbers.map(Number))].sort((a, b) => a - b));
      }),
    );
  });
});
