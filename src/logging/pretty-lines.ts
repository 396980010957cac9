import type { PrettyOptions } from 'pino-pretty';
import type { LogDestination } from './log-destination.js';
import { visible } from './visible.js';

/** Of no use to a person in front of a terminal: ids for tools, and the stop report, which a person is shown as lines. */
const hidden = ['application', 'trace_id', 'span_id', 'stop'];

/**
 * A destination that turns JSON lines into lines for people and hands them on. A call stays one line; only the stack of an
 * error follows below it, indented, so that nothing that is logged can pass for a line of its own.
 *
 * Loads pino-pretty when it is called: who writes JSON never pays for it.
 */
export async function prettyLines(destination: LogDestination, colours: boolean): Promise<LogDestination> {
  const { prettyFactory } = await import('pino-pretty');
  const options: PrettyOptions = {
    colorize: colours,
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: hidden.join(','),
  };
  const print = prettyFactory(options);
  return {
    write: (line) => {
      destination.write(readable(line, print));
    },
    flush: () => destination.flush?.(),
  };
}

function readable(line: string, print: (fields: object) => string): string {
  try {
    const { err, worker, ...fields } = visible(JSON.parse(line)) as Record<string, unknown>;
    // A worker's own logger already says the worker's name.
    if (worker !== undefined && worker !== fields['name']) fields['worker'] = worker;
    const stack = stackOf(err);
    if (stack === undefined && err !== undefined) fields['err'] = err;
    return `${print(withoutRepetition(fields)).trimEnd()}\n${stack === undefined ? '' : indented(stack)}`;
  } catch {
    // Better a line that is not pretty than none.
    return line;
  }
}

/** Without what the message says already: fields are for tools, and say it once more. */
function withoutRepetition(fields: Record<string, unknown>): Record<string, unknown> {
  const { msg } = fields;
  if (typeof msg !== 'string') return fields;
  const kept = Object.entries(fields).filter(([key, value]) => ownFields.has(key) || !isSaid(msg, value));
  return Object.fromEntries(kept);
}

const ownFields: ReadonlySet<string> = new Set(['level', 'time', 'name', 'msg']);

/** Whether a text stands in the message, as words of it. */
function isSaid(message: string, value: unknown): boolean {
  if (typeof value !== 'string' || value === '') return false;
  const at = message.indexOf(value);
  return (
    at >= 0 &&
    !isInWord(message.slice(Math.max(0, at - 1), at + 1)) &&
    !isInWord(message.slice(at + value.length - 1, at + value.length + 1))
  );
}

/** Whether both characters belong to one word. */
function isInWord(two: string): boolean {
  return /^[\p{L}\p{N}_]{2}$/u.test(two);
}

/** The stacks of an error and its causes, one below the other. */
function stackOf(err: unknown): string | undefined {
  if (typeof err !== 'object' || err === null) return undefined;
  const { type, message, code, stack, cause } = err as Record<string, unknown>;
  const head = `${String(type)}: ${String(message)}`;
  const own = typeof stack === 'string' ? stack : head;
  const text = typeof code === 'string' ? own.replace(head, () => `${head} (${code})`) : own;
  const causes = stackOf(cause);
  return causes === undefined ? text : `${text}\\ncaused by ${causes}`;
}

function indented(stack: string): string {
  // Line feeds stand here in their visible form; the ones of a stack are the ones that a frame or a cause follows.
  return stack
    .split(/\\n(?=\s+at |caused by )/)
    .map((frame) => `    ${frame}\n`)
    .join('');
}
