import { writeSync } from 'node:fs';
import type { Writable } from 'node:stream';
import type { LogDestination } from './log-destination.js';

/** How many lines went where. The three add up to the number of lines ever given. */
export interface LineCounts {
  readonly written: number;
  /** Given to a reader that does not keep up. */
  readonly waiting: number;
  readonly dropped: number;
}

/** How {@link StandardOutput} reaches the outside. The defaults are the process's own standard output. */
export interface StandardOutputOptions {
  /** Writes bytes at once and answers how many were taken, or throws. */
  readonly writeNow?: (bytes: Buffer) => number;
  /** The same output as a stream, which waits for a slow reader. Asked for only then. */
  readonly stream?: () => Writable;
  /** How much may wait for a slow reader; what exceeds it is dropped. Default 1 MiB. */
  readonly limitBytes?: number;
  /** Waits a millisecond, holding everything up. */
  readonly pause?: () => void;
}

/**
 * How many milliseconds a call waits for a reader before its line waits elsewhere. A reader that is alive takes what a pipe
 * holds in less, and a line that is out cannot be lost any more.
 */
const patienceMs = 20;

/**
 * Writes lines to standard output at once: a line is out when the call returns, so that it is there even when the process
 * dies a moment later. The log must never be what breaks the application, so nothing here throws:
 * - a reader that is gone (EPIPE), a full disk, any other error: the line is dropped and counted
 * - a reader that does not keep up (EAGAIN, where something has made a pipe non-blocking): the call waits for a moment, then
 *   lines take the way through the stream, in order, until the reader has caught up
 */
export class StandardOutput implements LogDestination {
  private readonly writeNow: (bytes: Buffer) => number;
  private readonly openStream: () => Writable;
  private readonly limitBytes: number;
  private readonly pause: () => void;
  private stream: Writable | undefined;
  private written = 0;
  private waiting = 0;
  private waitingBytes = 0;
  private dropped = 0;
  private whenCaughtUp: (() => void)[] = [];

  constructor(options: StandardOutputOptions = {}) {
    this.writeNow = options.writeNow ?? ((bytes) => writeSync(1, bytes));
    this.openStream = options.stream ?? (() => process.stdout);
    this.limitBytes = options.limitBytes ?? 1024 * 1024;
    this.pause = options.pause ?? pauseThread;
  }

  write(line: string): void {
    const bytes = Buffer.from(line);
    if (this.waiting > 0) this.writeLater(bytes, false);
    else this.send(bytes);
  }

  /** Resolves when no line waits any more. With a reader that is stuck for good it never does: give it a deadline. */
  flush(): Promise<void> {
    if (this.waiting === 0) return Promise.resolve();
    return new Promise((resolve) => this.whenCaughtUp.push(resolve));
  }

  droppedLines(): number {
    return this.dropped;
  }

  counts(): LineCounts {
    return { written: this.written, waiting: this.waiting, dropped: this.dropped };
  }

  private send(bytes: Buffer): void {
    let rest = bytes;
    for (let waitedMs = 0; ; waitedMs++) {
      try {
        while (rest.length > 0) rest = rest.subarray(this.writeNow(rest));
        this.written++;
        return;
      } catch (error) {
        if (!isBusy(error)) {
          this.dropped++;
          return;
        }
      }
      if (waitedMs === patienceMs) {
        this.writeLater(rest, rest.length < bytes.length);
        return;
      }
      this.pause();
    }
  }

  private writeLater(bytes: Buffer, hasBegun: boolean): void {
    // A line that has begun goes on whatever the limit says: half a line would spoil the next one too.
    if (this.waitingBytes + bytes.length > this.limitBytes && !hasBegun) {
      this.dropped++;
      return;
    }
    this.waiting++;
    this.waitingBytes += bytes.length;
    this.slowStream().write(bytes, (error) => {
      this.waiting--;
      this.waitingBytes -= bytes.length;
      if (error) this.dropped++;
      else this.written++;
      if (this.waiting === 0) this.caughtUp();
    });
  }

  private slowStream(): Writable {
    if (this.stream === undefined) {
      this.stream = this.openStream();
      // Each failed write is counted where it is made; without a listener the event would end the process.
      this.stream.on('error', () => undefined);
    }
    return this.stream;
  }

  private caughtUp(): void {
    const waiters = this.whenCaughtUp;
    this.whenCaughtUp = [];
    for (const resolve of waiters) resolve();
  }
}

function isBusy(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === 'EAGAIN';
}

const nobodyWakes = new Int32Array(new SharedArrayBuffer(4));

function pauseThread(): void {
  Atomics.wait(nobodyWakes, 0, 0, 1);
}
