import type { Clock } from '../contracts/clock.js';
import type { Logger, LogLevel, LogMethod } from '../contracts/logger.js';
import { errorFields } from '../plain/error-fields.js';
import type { LogLine } from './recorded-lines.js';

/** Options of a {@link RecordingLogger}. */
export interface RecordingLoggerOptions {
  /** What its lines carry as `name`. Default `'test'`. */
  readonly name?: string;
  /** Lines below it are not kept. Default `'trace'`: all are. */
  readonly level?: LogLevel;
  /** Where the time of a line comes from. Default: the machine's clock. */
  readonly clock?: Pick<Clock, 'now'>;
}

const levels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/**
 * A logger that keeps its lines instead of writing them, in the shape in which the platform would write them. The lines of
 * its children are kept with its own.
 */
export class RecordingLogger implements Logger {
  /** The lines so far, oldest first. */
  readonly lines: LogLine[];
  readonly trace = this.method('trace');
  readonly debug = this.method('debug');
  readonly info = this.method('info');
  readonly warn = this.method('warn');
  readonly error = this.method('error');
  readonly fatal = this.method('fatal');

  constructor(
    private readonly options: RecordingLoggerOptions = {},
    private readonly fields: object = {},
    lines: LogLine[] = [],
  ) {
    this.lines = lines;
  }

  isLevelEnabled(level: LogLevel): boolean {
    return level !== 'silent' && levels.indexOf(level) >= levels.indexOf(this.options.level ?? 'trace');
  }

  child(fields: object): RecordingLogger {
    return new RecordingLogger(this.options, { ...this.fields, ...fields }, this.lines);
  }

  private method(level: LogLevel): LogMethod {
    return (first: string | object, second?: string): void => {
      if (!this.isLevelEnabled(level)) return;
      const { name = 'test', clock = Date } = this.options;
      const said = typeof first === 'string' ? {} : fieldsOf(first);
      const msg = typeof first === 'string' ? first : (second ?? messageOf(said));
      this.lines.push({ level, time: new Date(clock.now()).toISOString(), name, ...this.fields, ...said, msg });
    };
  }
}

/** An error in the place of fields, or among them, is written as its parts. */
function fieldsOf(given: object): Record<string, unknown> {
  if (given instanceof Error) return { err: errorFields(given) };
  const fields: Record<string, unknown> = { ...given };
  return 'err' in fields ? { ...fields, err: errorFields(fields['err']) } : fields;
}

function messageOf({ err }: Record<string, unknown>): string {
  const message = (err as { message?: unknown } | undefined)?.message;
  return typeof message === 'string' ? message : '';
}
