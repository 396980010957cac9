import { escapeCode } from './line-guard.js';

/** Every character that could end a line, steer the terminal, or turn the direction of what follows. */
// eslint-disable-next-line no-control-regex -- finding them is the point
export const unprintable = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** The same data, with every character that could end a line or paint the terminal written as its escape. */
export function visible(value: unknown): unknown {
  if (typeof value === 'string') return visibleText(value);
  if (Array.isArray(value)) return value.map(visible);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [visible(key), visible(item)]));
  return value;
}

/** {@link visible} of a text. */
export function visibleText(text: string): string {
  return text.replace(unprintable, visibleCharacter);
}

function visibleCharacter(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return ' ';
  return escapeCode(character);
}
