import { format } from 'node:util';
import type { Logger } from '../contracts/logger.js';

type Method = 'trace' | 'debug' | 'info' | 'log' | 'warn' | 'error';

const methods: readonly Method[] = ['trace', 'debug', 'info', 'log', 'warn', 'error'];

/**
 * Makes what is written with `console` lines of `logger`: `console.log` at `info`, the others at the level of their name. For
 * libraries that know no logger. Reaches all of the process.
 * @returns gives the console back, unless somebody else has replaced it since
 */
export function captureConsole(logger: Logger): () => void {
  const replaced = methods.map((method) => {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- Node's console is bound, and it is only put back
    const original = console[method];
    const level = method === 'log' ? 'info' : method;
    const capture = (...values: unknown[]): void => {
      const [first] = values;
      if (first instanceof Error && values.length === 1) logger[level]({ err: first });
      else logger[level](formatSafely(values));
    };
    console[method] = capture;
    return { method, original, capture };
  });
  return () => {
    for (const { method, original, capture } of replaced) if (console[method] === capture) console[method] = original;
  };
}

function formatSafely(values: readonly unknown[]): string {
  try {
    return format(...values);
  } catch {
    return '[unreadable]';
  }
}
