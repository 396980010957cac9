import { isatty } from 'node:tty';
import { pino, type Logger as PinoLogger, type LoggerOptions } from 'pino';
import type { LogLineCounts } from '../contracts/log-report.js';
import type { Logger, LoggerFactory, LogLevel } from '../contracts/logger.js';
import { errorFields } from '../plain/error-fields.js';
import type { Scrub } from '../secrets/scrub.js';
import { capturedStream } from './captured-stream.js';
import { ForeignDestination } from './foreign-destination.js';
import { guardLine } from './line-guard.js';
import type { LogDestination } from './log-destination.js';
import { LogLevels, type LevelSettings } from './log-levels.js';
import { hardenChild, logWithoutThrowing, withoutReserved } from './never-throw.js';
import { prettyLines } from './pretty-lines.js';
import { StandardOutput } from './standard-output.js';
import { TerminalLines } from './terminal-lines.js';

/** What {@link createLogging} needs to know. */
export interface LoggingOptions {
  /** Name of the application; every line carries it as `application`. */
  readonly application: string;
  /** Level of a logger that `levels` says nothing about. Default `info`. */
  readonly level?: LogLevel;
  /** Levels by logger name; `default` is for all others, see {@link levelOf}. */
  readonly levels?: Readonly<Record<string, LogLevel>>;
  /** Lines for people instead of JSON. Default: when standard output is a terminal and no `destination` is given. */
  readonly pretty?: boolean | undefined;
  /** Takes secrets out of each finished line. */
  readonly scrub?: Scrub | undefined;
  /** Where lines go. Default: standard output. */
  readonly destination?: LogDestination | undefined;
  /** Told of each line as it is written, in JSON. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** The time of a line, in milliseconds since the epoch. Default: the machine's clock. */
  readonly now?: (() => number) | undefined;
}

/** The loggers of one application. */
export interface Logging extends LoggerFactory {
  /** What applies to which logger. After a change, {@link applyLevels} makes it so. */
  readonly levels: LogLevels;
  /** Gives every logger there is the level that applies to it now. Children follow at once. */
  applyLevels(): void;
  /** The terminal that lines for people are written to; undefined where they are JSON or go anywhere else. */
  readonly terminal: TerminalLines | undefined;
  /** The names of the loggers there are. */
  names(): readonly string[];
  /** What became of the lines so far. */
  counts(): LogLineCounts;
  /** Resolves when every line written so far has left the process, or cannot. Give it a deadline: a reader may be stuck. */
  flush(): Promise<void>;
}

/** Where lines go in the end, with a count of what became of them. */
interface Output extends LogDestination {
  counts(): LogLineCounts;
}

/**
 * Sets up logging: pino, one JSON line a call (or one for people, on a terminal), to standard output.
 *
 * Nothing that is logged makes a call throw, spreads over several lines or carries a secret. A call below the level of its
 * logger costs an empty function.
 */
export async function createLogging(options: LoggingOptions): Promise<Logging> {
  // Not `process.stdout.isTTY`: to touch that stream makes a pipe non-blocking.
  const isTerminal = options.destination === undefined && isatty(1);
  const standard = options.destination === undefined ? new StandardOutput() : undefined;
  const output: Output = standard ?? new ForeignDestination(options.destination as LogDestination);
  const isPretty = options.pretty ?? isTerminal;
  const terminal = isPretty && isTerminal ? new TerminalLines(output) : undefined;
  const hasColours = isTerminal && process.stdout.hasColors();
  const destination = isPretty ? await prettyLines(terminal ?? output, hasColours) : output;
  const logging = new PinoLogging(options, destination, output, terminal);
  if (standard !== undefined) {
    standard.onRecovered = (dropped) => {
      logging.reportDropped(dropped);
    };
  }
  return logging;
}

class PinoLogging implements Logging {
  readonly levels: LogLevels;
  private readonly root: PinoLogger;
  private readonly loggers = new Map<string, PinoLogger>();

  constructor(
    options: LoggingOptions,
    private readonly destination: LogDestination,
    private readonly output: Output,
    readonly terminal: TerminalLines | undefined,
  ) {
    const settings: LevelSettings = { level: options.level ?? 'info', levels: options.levels ?? {} };
    this.levels = new LogLevels(settings);
    this.root = rootLogger(options, destination);
  }

  logger(name: string): Logger {
    const known = this.loggers.get(name);
    if (known !== undefined) return known;
    const named = this.root.child({ name });
    named.level = this.levels.effective(name);
    hardenChild(named);
    this.loggers.set(name, named);
    return named;
  }

  stream(name: string): { write(line: string): void } {
    return capturedStream(this.logger(name));
  }

  applyLevels(): void {
    // pino's children look up what they have not been given themselves in their parent, so this reaches them too.
    for (const [name, logger] of this.loggers) logger.level = this.levels.effective(name);
  }

  names(): readonly string[] {
    return [...this.loggers.keys()];
  }

  counts(): LogLineCounts {
    return this.output.counts();
  }

  /** Lines were lost, and now there is somewhere to say so. */
  reportDropped(dropped: number): void {
    const lines = dropped === 1 ? 'a log line was' : `${dropped} log lines were`;
    this.logger('plba.logging').warn(
      { dropped, droppedInAll: this.counts().dropped },
      `${lines} dropped before this one`,
    );
  }

  async flush(): Promise<void> {
    await this.destination.flush?.();
  }
}

function rootLogger({ application, scrub, now, onLine }: LoggingOptions, destination: LogDestination): PinoLogger {
  const settings: LoggerOptions = {
    level: 'trace',
    base: { application },
    timestamp: now === undefined ? pino.stdTimeFunctions.isoTime : () => `,"time":"${new Date(now()).toISOString()}"`,
    formatters: { level: (level) => ({ level }), log: withoutReserved },
    serializers: { err: errorFields },
    hooks: { logMethod: logWithoutThrowing },
  };
  return pino(settings, {
    write: (line) => {
      const guarded = guardLine(line, scrub);
      onLine?.(guarded);
      destination.write(guarded);
    },
  });
}
