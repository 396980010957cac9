/** Takes secrets out of a text; see the vault of secrets. */
export type Scrub = (text: string) => string;

/** Makes a value into JSON without secrets. */
export type ToJson = (value: object) => string;

/**
 * Makes the function that every body goes through on its way out.
 *
 * Scrubbing the finished text is fast and misses nothing. Where it hits more than text (a secret of digits inside of a
 * number, say) and breaks the JSON, each string is scrubbed by itself instead.
 */
export function jsonWriter(scrub: Scrub | undefined): ToJson {
  if (scrub === undefined) return (value) => JSON.stringify(value);
  return (value) => {
    const text = JSON.stringify(value);
    const scrubbed = scrub(text);
    return scrubbed === text || isJson(scrubbed) ? scrubbed : JSON.stringify(value, scrubbedLeaf(scrub));
  };
}

function scrubbedLeaf(scrub: Scrub): (key: string, value: unknown) => unknown {
  return (_key, value) => {
    if (typeof value === 'string') return scrub(value);
    if (typeof value !== 'number') return value;
    const scrubbed = scrub(String(value));
    return scrubbed === String(value) ? value : scrubbed;
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
