import { writeSync } from 'node:fs';
import type { LogLineCounts } from '../contracts/log-report.js';
import type { LogDestination } from './log-destination.js';
import { outputDescriptor } from './output-descriptor.js';
import { WaitingLines } from './waiting-lines.js';

/** How {@link StandardOutput} reaches the outside. The defaults are the process's own standard output. */
export interface StandardOutputOptions {
  /** Writes at once and answers how many bytes were taken, or throws: `EAGAIN` when the reader has no room. */
  readonly writeNow?: (text: string | Buffer) => number;
  /** How much may wait for a slow reader, in bytes; what exceeds it is dropped. Default 1 MiB. */
  readonly limitBytes?: number;
  /** Waits a millisecond, holding everything up. */
  readonly pause?: () => void;
  /** Milliseconds since any moment. */
  readonly now?: () => number;
}

/**
 * How many milliseconds a call that would drop a line waits for the reader instead. One that is alive makes room in less.
 * One that was waited for in vain is not waited for again until it has read something.
 */
const patienceMs = 20;

/** The same for lines that still wait when the process exits, and for {@link StandardOutput.flush}. */
const exitPatienceMs = 500;
const flushPatienceMs = 1_000;

const firstRetryMs = 2;
const slowestRetryMs = 100;

/**
 * Writes lines to standard output at once: a line is out when the call returns, so that it is there even when the process
 * dies a moment later. The log must never be what breaks the application, so nothing here throws, nothing waits for ever and
 * nothing grows without end:
 * - a reader that is gone (EPIPE), a full disk (ENOSPC), any other error: the line is dropped and counted
 * - a reader that does not keep up: lines wait, in order, up to a limit; they leave as the reader makes room, and when the
 *   process exits
 *
 * Half a line that was taken is finished before anything else: otherwise it would spoil the next one too.
 */
export class StandardOutput implements LogDestination {
  /** Called when a line has come through after others were dropped, with their number since the last call that came through. */
  onRecovered: (dropped: number) => void = () => undefined;
  private readonly writeNow: (text: string | Buffer) => number;
  private readonly pause: () => void;
  private readonly now: () => number;
  private readonly queue: WaitingLines;
  private written = 0;
  private dropped = 0;
  private reported = 0;
  private isReporting = false;
  /** Whether the reader has read since it was last waited for in vain. */
  private isPatient = true;
  /** Since when somebody flushes, and the reader takes nothing. */
  private inVainSinceMs = 0;
  private retry: NodeJS.Timeout | undefined;
  private retryMs = firstRetryMs;
  private readonly flushing = new Set<() => void>();

  constructor(options: StandardOutputOptions = {}) {
    const descriptor = options.writeNow === undefined ? outputDescriptor() : 0;
    this.writeNow =
      options.writeNow ??
      ((text) => (typeof text === 'string' ? writeSync(descriptor, text) : writeSync(descriptor, text)));
    this.pause = options.pause ?? pauseThread;
    this.now = options.now ?? (() => performance.now());
    this.queue = new WaitingLines(options.limitBytes ?? 1024 * 1024);
  }

  write(line: string): void {
    if (this.queue.size > 0) {
      this.wait(Buffer.from(line));
      return;
    }
    const left = this.send(line);
    if (left === undefined) this.reportDropped();
    else if (mayComeLater(left)) this.begin(left);
    else this.dropped++;
  }

  /** Resolves when no line waits any more, or the reader was waited for in vain for a second. */
  flush(): Promise<void> {
    this.drain();
    if (this.queue.size === 0) return Promise.resolve();
    if (this.flushing.size === 0) this.inVainSinceMs = this.now();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.isPatient = false;
        done();
      }, flushPatienceMs);
      const done = (): void => {
        clearTimeout(timer);
        this.flushing.delete(done);
        resolve();
      };
      this.flushing.add(done);
      this.scheduleRetry();
    });
  }

  counts(): LogLineCounts {
    return { written: this.written, waiting: this.queue.size, dropped: this.dropped };
  }

  /** Writes as much as is taken. Undefined when all of it was. */
  private send(line: string | Buffer, wasBegun = false): LeftOver | undefined {
    let rest = line;
    try {
      for (;;) {
        const taken = this.writeNow(rest);
        if (taken === (typeof rest === 'string' ? Buffer.byteLength(rest) : rest.length)) break;
        rest = Buffer.from(rest).subarray(taken);
      }
    } catch (error) {
      return { bytes: Buffer.from(rest), isBegun: wasBegun || rest !== line, failure: failureOf(error) };
    }
    this.written++;
    return undefined;
  }

  /** The first line that has to wait. */
  private begin({ bytes, isBegun }: LeftOver): void {
    if (isBegun) this.queue.addBegun(bytes);
    else this.wait(bytes);
    if (this.queue.size === 0) return;
    process.on('exit', this.onExit);
    this.scheduleRetry();
  }

  private wait(bytes: Buffer): void {
    if (this.queue.add(bytes)) return;
    if (this.makeRoom() && this.queue.add(bytes)) return;
    this.dropped++;
  }

  /** Drains, and waits for the reader where it has earned that. Answers whether there is more room now. */
  private makeRoom(): boolean {
    if (this.drain()) return true;
    for (let waitedMs = 0; this.isPatient && waitedMs < patienceMs; waitedMs++) {
      this.pause();
      if (this.drain()) return true;
    }
    this.isPatient = false;
    return false;
  }

  /** Writes what waits, as far as it is taken. Answers whether anything was. */
  private drain(): boolean {
    const before = this.queue.bytes;
    for (let next = this.queue.first; next !== undefined; next = this.queue.first) {
      const left = this.send(next.bytes, next.isBegun);
      if (left !== undefined && mayComeLater(left)) {
        this.queue.replaceFirst(left.bytes, left.isBegun);
        break;
      }
      if (left !== undefined) this.dropped++;
      this.queue.removeFirst();
    }
    const hasMoved = this.queue.bytes < before;
    if (hasMoved) [this.isPatient, this.retryMs, this.inVainSinceMs] = [true, firstRetryMs, this.now()];
    if (before > 0 && this.queue.size === 0) this.caughtUp();
    return hasMoved;
  }

  private caughtUp(): void {
    process.off('exit', this.onExit);
    clearTimeout(this.retry);
    this.retry = undefined;
    for (const done of this.flushing) done();
    this.reportDropped();
  }

  private scheduleRetry(): void {
    if (this.retry !== undefined) {
      if (this.flushing.size > 0) this.retry.ref();
      return;
    }
    this.retry = setTimeout(() => {
      this.retry = undefined;
      this.retryMs = Math.min(this.retryMs * 2, slowestRetryMs);
      this.drain();
      if (this.queue.size > 0) this.scheduleRetry();
    }, this.retryMs);
    // Lines that wait keep no process alive: they are written when it exits.
    if (this.flushing.size === 0) this.retry.unref();
  }

  private readonly onExit = (): void => {
    this.drain();
    // Whoever flushes, and has not waited until the end, has been waiting for the reader already.
    const sinceMs = this.flushing.size > 0 ? this.now() - this.inVainSinceMs : 0;
    for (let waitedMs = sinceMs; this.queue.size > 0 && waitedMs < exitPatienceMs; waitedMs++) {
      if (this.drain()) continue;
      if (!this.isPatient) return;
      this.pause();
    }
  };

  private reportDropped(): void {
    if (this.dropped === this.reported || this.isReporting) return;
    const { dropped, reported } = this;
    this.isReporting = true;
    this.onRecovered(dropped - reported);
    this.isReporting = false;
    // Otherwise the report was dropped as well, and the next one speaks for it.
    if (this.dropped === dropped) this.reported = dropped;
  }
}

/** What is left of a line that was not taken whole. */
interface LeftOver {
  readonly bytes: Buffer;
  /** Part of the line is out. */
  readonly isBegun: boolean;
  readonly failure: 'busy' | 'failed' | 'gone';
}

/** A reader that is busy takes the line later. A disk that is full may still take the other half of one. */
function mayComeLater({ failure, isBegun }: LeftOver): boolean {
  return failure === 'busy' || (failure === 'failed' && isBegun);
}

function failureOf(error: unknown): LeftOver['failure'] {
  const code = codeOf(error) ?? '';
  if (code === 'EAGAIN') return 'busy';
  return ['EPIPE', 'EBADF', 'ECONNRESET', 'ENOTCONN'].includes(code) ? 'gone' : 'failed';
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}

const nobodyWakes = new Int32Array(new SharedArrayBuffer(4));

function pauseThread(): void {
  Atomics.wait(nobodyWakes, 0, 0, 1);
}
