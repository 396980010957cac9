import { Writable } from 'node:stream';
import { expect } from 'chai';
import { StandardOutput } from '../../../src/logging/standard-output.js';

const errorWith = (code: string): Error => Object.assign(new Error(code), { code });

/** An output of which a test says how much it takes and how it fails. */
class FakeOutput {
  text = '';
  error: Error | undefined;
  mostBytes = Infinity;
  readonly held: (() => void)[] = [];
  streamError: Error | undefined;
  opened = 0;
  pauses = 0;
  /** Called when the output waits a millisecond. */
  paused: () => void = () => undefined;

  readonly output = new StandardOutput({
    limitBytes: 100,
    pause: () => {
      this.pauses++;
      this.paused();
    },
    writeNow: (bytes) => {
      if (this.error !== undefined) throw this.error;
      const taken = bytes.subarray(0, this.mostBytes);
      this.text += taken.toString();
      return taken.length;
    },
    stream: () => {
      this.opened++;
      return new Writable({
        write: (bytes: Buffer, _encoding, done) => {
          this.held.push(() => {
            if (this.streamError === undefined) this.text += bytes.toString();
            done(this.streamError);
          });
        },
      });
    },
  });

  /** The reader takes one write after the other until there is none left. */
  async catchUp(): Promise<void> {
    for (let next = this.held.shift(); next !== undefined; next = this.held.shift()) {
      next();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

describe('StandardOutput', () => {
  it('has written a line when the call returns', () => {
    const fake = new FakeOutput();
    fake.output.write('a\n');
    expect(fake.text).to.equal('a\n');
    expect(fake.output.counts()).to.deep.equal({ written: 1, waiting: 0, dropped: 0 });
  });

  it('goes on until all of a line is taken', () => {
    const fake = new FakeOutput();
    fake.mostBytes = 3;
    fake.output.write('änderung\n');
    expect(Buffer.byteLength(fake.text)).to.be.at.least(10);
    expect(fake.output.counts().written).to.equal(1);
  });

  for (const code of ['EPIPE', 'ENOSPC', 'EIO', 'EBADF']) {
    it(`drops and counts a line on ${code}, and tries again with the next`, () => {
      const fake = new FakeOutput();
      fake.error = errorWith(code);
      fake.output.write('a\n');
      fake.error = undefined;
      fake.output.write('b\n');
      expect(fake.text).to.equal('b\n');
      expect(fake.output.counts()).to.deep.equal({ written: 1, waiting: 0, dropped: 1 });
    });
  }

  it('waits a moment for a reader that is about to read on', () => {
    const fake = new FakeOutput();
    fake.error = errorWith('EAGAIN');
    fake.paused = () => {
      if (fake.pauses === 3) fake.error = undefined;
    };
    fake.output.write('a\n');
    expect(fake.text).to.equal('a\n');
    expect(fake.output.counts()).to.deep.equal({ written: 1, waiting: 0, dropped: 0 });
  });

  it('holds the application up for 20 ms at most, and only by the first line', () => {
    const fake = new FakeOutput();
    fake.error = errorWith('EAGAIN');
    for (let i = 0; i < 5; i++) fake.output.write('a\n');
    expect(fake.pauses).to.equal(20);
  });

  it('lets lines wait, in order, for a reader that does not keep up', async () => {
    const fake = new FakeOutput();
    fake.error = errorWith('EAGAIN');
    fake.output.write('a\n');
    fake.error = undefined;
    fake.output.write('b\n');
    expect(fake.output.counts()).to.deep.equal({ written: 0, waiting: 2, dropped: 0 });
    const flushed = fake.output.flush();
    await fake.catchUp();
    await flushed;
    fake.output.write('c\n');
    expect(fake.text).to.equal('a\nb\nc\n');
    expect(fake.output.counts()).to.deep.equal({ written: 3, waiting: 0, dropped: 0 });
  });

  it('lets the rest of a line follow its beginning, whatever the limit', async () => {
    const fake = new FakeOutput();
    let calls = 0;
    const output = new StandardOutput({
      limitBytes: 100,
      writeNow: (bytes) => {
        if (calls++ > 0) throw errorWith('EAGAIN');
        fake.text += bytes.subarray(0, 4).toString();
        return 4;
      },
      stream: () =>
        new Writable({
          write: (bytes: Buffer, _encoding, done) => {
            done(void (fake.text += bytes.toString()));
          },
        }),
    });
    const line = `${'x'.repeat(200)}\n`;
    output.write(line);
    await output.flush();
    expect(fake.text).to.equal(line);
    expect(output.counts()).to.deep.equal({ written: 1, waiting: 0, dropped: 0 });
  });

  it('drops and counts what would make too much wait', () => {
    const fake = new FakeOutput();
    fake.error = errorWith('EAGAIN');
    for (let i = 0; i < 20; i++) fake.output.write('ten bytes\n');
    expect(fake.output.counts()).to.deep.equal({ written: 0, waiting: 10, dropped: 10 });
    expect(fake.opened).to.equal(1);
  });

  it('counts as dropped what waited for a reader that went away', async () => {
    const fake = new FakeOutput();
    fake.error = errorWith('EAGAIN');
    for (const line of ['a\n', 'b\n', 'c\n']) fake.output.write(line);
    fake.streamError = errorWith('EPIPE');
    const flushed = fake.output.flush();
    await fake.catchUp();
    await flushed;
    expect(fake.output.counts()).to.deep.equal({ written: 0, waiting: 0, dropped: 3 });
  });

  it('is flushed at once when nothing waits', async () => {
    await new FakeOutput().output.flush();
  });
});
