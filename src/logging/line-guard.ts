import { plainFields, plainValue } from '../plain/plain-value.js';
import type { Scrub } from '../secrets/scrub.js';

/**
 * What JSON leaves as it is and a terminal or a viewer does not: DEL and the C1 controls (one of them begins an ANSI
 * sequence), the line separators U+2028 and U+2029, and the marks that turn the direction of text.
 */
const paints = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Longer lines are cut value by value: collectors split or drop them otherwise. */
const mostCharacters = 256 * 1024;
const cutLimits = { breadth: 100, values: 100, characters: 2048 };

/**
 * Makes a finished JSON line fit to leave the process: no secret in it, nothing in it that ends a line or paints a
 * terminal, and no endless length. `line` comes from a JSON writer and may end in a line feed; so does the answer.
 */
export function guardLine(line: string, scrub: Scrub | undefined): string {
  const scrubbed = scrub === undefined ? line : withoutSecrets(line, scrub);
  const clean = scrubbed.length > mostCharacters ? shortened(scrubbed) : scrubbed;
  // All of these can stand only inside of a JSON string, so the escape means the same text.
  return clean.search(paints) < 0 ? clean : clean.replace(paints, escapeCode);
}

/** `\u2028` for U+2028. */
export function escapeCode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

const withheld = '{"level":"error","msg":"a line was withheld because it could not be scrubbed"}\n';

function withoutSecrets(line: string, scrub: Scrub): string {
  try {
    const scrubbed = scrub(line);
    if (scrubbed === line || isJson(scrubbed)) return scrubbed;
    // The mask has hit more than text: a number, say. So each value is scrubbed by itself.
    return `${JSON.stringify(scrubValue(JSON.parse(line), scrub))}\n`;
  } catch {
    return withheld;
  }
}

function shortened(line: string): string {
  const { msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  return `${JSON.stringify({ ...plainFields(fields, cutLimits), msg: plainValue(msg, cutLimits) })}\n`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function scrubValue(value: unknown, scrub: Scrub): unknown {
  if (typeof value === 'string') return scrub(value);
  if (Array.isArray(value)) return value.map((item) => scrubValue(item, scrub));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [scrub(key), scrubValue(item, scrub)]));
  const text = String(value);
  const scrubbed = scrub(text);
  return scrubbed === text ? value : scrubbed;
}
