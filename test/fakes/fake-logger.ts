import type { Logger } from '../../src/contracts/logger.js';

/** A line that was logged. */
export interface FakeLine {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A logger whose lines a test can look at. */
export function fakeLogger(): Logger & { readonly lines: FakeLine[] } {
  const lines: FakeLine[] = [];
  const write =
    (level: string) =>
    (first: string | object, second?: string): void => {
      if (typeof first === 'string') lines.push({ level, message: first, fields: {} });
      else lines.push({ level, message: second ?? '', fields: { ...first } });
    };
  const logger = {
    lines,
    trace: write('trace'),
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    fatal: write('fatal'),
    isLevelEnabled: () => true,
    child: () => logger,
  };
  return logger;
}
