import type { LogLevel } from '../contracts/logger.js';

/**
 * The level of the logger called `name`: the one written for it, else for the part of its name before the last dot (so
 * `ledger` covers `ledger.sql`), and so on; else `levels.default`; else `level`.
 */
export function levelOf(name: string, levels: Readonly<Record<string, LogLevel>>, level: LogLevel): LogLevel {
  for (let end = name.length; end > 0; end = name.lastIndexOf('.', end - 1)) {
    const written = ownLevel(levels, name.slice(0, end));
    if (written !== undefined) return written;
  }
  return ownLevel(levels, 'default') ?? level;
}

function ownLevel(levels: Readonly<Record<string, LogLevel>>, name: string): LogLevel | undefined {
  return Object.hasOwn(levels, name) ? levels[name] : undefined;
}
