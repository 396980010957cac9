import type { Logger, LogLevel } from '../contracts/logger.js';

type WrittenLevel = Exclude<LogLevel, 'silent'>;

const byNumber: Readonly<Record<number, WrittenLevel>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};
/** When a line was written, and by which process on which machine. */
const saidAnyway: ReadonlySet<string> = new Set(['time', 'pid', 'hostname']);
const byWord: ReadonlySet<string> = new Set(Object.values(byNumber));

/**
 * A destination for another pino, such as the one inside of a library: its lines become lines of `logger`, with their level, their
 * message and their fields. What is no line of pino becomes a message at `info`.
 */
export function capturedStream(logger: Logger): { write(line: string): void } {
  return {
    write: (text) => {
      for (const line of text.split('\n')) if (line.trim() !== '') rewrite(logger, line);
    },
  };
}

function rewrite(logger: Logger, line: string): void {
  const { level, msg, ...rest } = fieldsOf(line);
  const fields = Object.fromEntries(Object.entries(rest).filter(([key]) => !saidAnyway.has(key)));
  logger[levelFrom(level)](fields, typeof msg === 'string' ? msg : undefined);
}

function fieldsOf(line: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
  } catch {
    // Text, then.
  }
  return { msg: line };
}

function levelFrom(level: unknown): WrittenLevel {
  if (typeof level === 'number') return byNumber[level] ?? 'info';
  return typeof level === 'string' && byWord.has(level) ? (level as WrittenLevel) : 'info';
}
