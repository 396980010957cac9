import { isatty } from 'node:tty';
import { pino, type Logger as PinoLogger, type LoggerOptions } from 'pino';
import type { Logger, LoggerFactory, LogLevel } from '../contracts/logger.js';
import { errorFields } from '../plain/error-fields.js';
import type { Scrub } from '../secrets/scrub.js';
import { levelOf } from './level-of.js';
import { guardLine } from './line-guard.js';
import type { LogDestination } from './log-destination.js';
import { hardenChild, logWithoutThrowing, withoutReserved } from './never-throw.js';
import { prettyLines } from './pretty-lines.js';
import { StandardOutput } from './standard-output.js';

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
  /** Resolves when every line written so far has left the process, or cannot. Give it a deadline: a reader may be stuck. */
  flush(): Promise<void>;
  /** How many lines have been lost so far, as far as the destination says. */
  droppedLines(): number;
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
  const output = options.destination ?? new StandardOutput();
  const isPretty = options.pretty ?? isTerminal;
  const destination = isPretty ? await prettyLines(output, isTerminal && process.stdout.hasColors()) : output;
  return new PinoLogging(options, destination);
}

class PinoLogging implements Logging {
  private readonly root: PinoLogger;
  private readonly loggers = new Map<string, Logger>();
  private readonly levels: Readonly<Record<string, LogLevel>>;
  private readonly level: LogLevel;

  constructor(
    options: LoggingOptions,
    private readonly destination: LogDestination,
  ) {
    this.level = options.level ?? 'info';
    this.levels = options.levels ?? {};
    this.root = rootLogger(options, destination);
  }

  logger(name: string): Logger {
    const known = this.loggers.get(name);
    if (known !== undefined) return known;
    const named = this.root.child({ name });
    named.level = levelOf(name, this.levels, this.level);
    hardenChild(named);
    this.loggers.set(name, named);
    return named;
  }

  async flush(): Promise<void> {
    await this.destination.flush?.();
  }

  droppedLines(): number {
    return this.destination.droppedLines?.() ?? 0;
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
      try {
        const guarded = guardLine(line, scrub);
        onLine?.(guarded);
        destination.write(guarded);
      } catch {
        // A destination of the application's own that throws loses the line, not the application.
      }
    },
  });
}
