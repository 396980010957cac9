import { PlbaError } from '../errors.js';

/**
 * Puts what to do into the stack of an error: runners of tests print that and the message, and none of them the hint.
 * @param more what to do besides
 * @returns the same error
 */
export function sayHint(error: unknown, more?: string): unknown {
  if (!(error instanceof PlbaError)) return error;
  const hints = [error.hint, more].filter((hint) => hint !== undefined);
  const { stack = '', message } = error;
  const end = stack.indexOf(message) + message.length;
  const isSaid = stack.includes('\n    hint: ');
  if (hints.length === 0 || isSaid || !stack.includes(message)) return error;
  error.stack = `${stack.slice(0, end)}\n    hint: ${hints.join('; ')}${stack.slice(end)}`;
  return error;
}
