import { isatty } from 'node:tty';
import type { ExitCode, OpenResource } from '../contracts/stop-report.js';
import { armExitWatchdog, type ExitWatchdog } from '../lifecycle/exit-watchdog.js';
import { openResources } from '../lifecycle/open-resources.js';
import type { ProcessSide } from '../lifecycle/process-side.js';
import { StandardTerminals } from '../lifecycle/standard-terminals.js';
import type { StopLimits } from '../lifecycle/stop-limits.js';
import { ThreadCount } from '../lifecycle/thread-count.js';
import { summarizeError } from '../plain/error-summary.js';
import { formatDuration } from '../time/duration.js';

/** A stop that calls none but the platform's own code is over before the watchdog would have been set. */
const quietStopMs = 50;

const longestExitMs = 1_000;

/** As long as a timer can be. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * The process of an application: it lives as long as the application does, and no longer; what its stop sets in motion around it,
 * and what would keep it alive after that.
 */
export class ProcessGuard implements ProcessSide {
  private readonly threads = new ThreadCount();
  private readonly watchdogs: ExitWatchdog[] = [];
  private readonly terminals = new StandardTerminals();
  /** An application whose workers wait for nothing that Node.js knows of would end in the middle of its life. */
  private readonly life = setInterval(() => undefined, longestTimerMs);

  constructor() {
    process.on('exit', this.onExit);
  }

  /** The name of the application, once it is known. */
  application = 'the application';

  readonly tell = isatty(1) ? (text: string) => void process.stdout.write(text) : undefined;

  stopping({ processMs }: StopLimits, callsForeignCode: boolean): void {
    clearInterval(this.life);
    // A thread costs as much as the whole stop of a hundred idle workers. A terminal can hold up even a line of our own.
    if (callsForeignCode || isatty(1)) {
      this.arm(processMs);
      return;
    }
    setTimeout(() => {
      this.arm(processMs - quietStopMs);
    }, quietStopMs).unref();
  }

  openResources(abandoned: readonly string[]): readonly OpenResource[] {
    clearInterval(this.life);
    const owner = abandoned.map((name) => `"${name}"`).join(' or ');
    return openResources(this.threads.size, owner === '' ? undefined : `worker ${owner}`);
  }

  /** The process ends after `limitMs`, come what may. */
  arm(limitMs: number): void {
    const lines = {
      blocked: this.line(`ended by its exit watchdog after ${formatDuration(limitMs)}: the event loop is blocked`),
      turning: this.line(
        `ended by its exit watchdog after ${formatDuration(limitMs)}: the process did not end by itself`,
      ),
    };
    const watchdog = armExitWatchdog({ limitMs, exitCode: 4, lines, terminals: this.terminals.descriptors });
    this.threads.leaveOut(watchdog.thread);
    this.watchdogs.push(watchdog);
  }

  /** Ends the process, and lets nobody who listens to its exit keep it for longer than a second. */
  exit(code: ExitCode): never {
    process.off('exit', this.onExit);
    if (process.listenerCount('exit') > 0) this.arm(longestExitMs);
    process.on('exit', () => {
      this.terminals.letGoOfLost();
      for (const watchdog of this.watchdogs) watchdog.leave();
    });
    try {
      process.exit(code);
    } catch (error) {
      // Somebody who listens to the exit has thrown. The process is on its way out, and nobody is asked again.
      process.stderr.write(
        `${this.line(`at its end when a listener to that threw: ${summarizeError(error).message}`)}\n`,
      );
      this.terminals.letGoOfLost();
      process.exit(code);
    }
  }

  // Somebody else ends the process, such as code of the application that calls `process.exit()`: no good end, whatever it says.
  private readonly onExit = (code: number): void => {
    if (code === 0) process.exitCode = 3;
    process.stderr.write(`${this.line(`ended by process.exit(${code}) or the like before it had stopped`)}\n`);
    this.terminals.letGoOfLost();
  };

  private line(msg: string): string {
    const { application } = this;
    if (isatty(2)) return `${application} was ${msg}`;
    return JSON.stringify({ level: 'fatal', time: new Date().toISOString(), application, msg: `was ${msg}` });
  }
}
