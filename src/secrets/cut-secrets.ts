import { base64Forms } from './secret-pattern.js';

/** Fewer characters of a secret than these may stand before a cut: they could be anything. */
const fewestShown = 3;

/** What stands where a text was cut: our own mark, and that of Node.js with the quote before it. */
const mark = /\\*["'`]?(?:…|\.{3} \d+ more character)/y;

/**
 * Finds secrets of which only the head is left, because a text was cut in the middle of them. Texts are cut in many places and
 * scrubbed once, on the way out: by then a cut secret is another text than the secret.
 */
export class CutSecrets {
  private readonly forms: readonly string[];

  /** @param values the secrets */
  constructor(values: Iterable<string>) {
    this.forms = [...new Set([...values].flatMap(formsOf))];
  }

  /** The text with `mask` in place of every head of a secret that stands right before a cut. */
  scrub(text: string, mask: string): string {
    // Nearly no text is cut, so nearly none pays for it.
    if (!text.includes('…') && !text.includes(' more character')) return text;
    return this.forms.reduce((scrubbed, form) => withoutHead(scrubbed, form, mask), text);
  }
}

function withoutHead(text: string, form: string, mask: string): string {
  const beginning = form.slice(0, fewestShown);
  let kept = '';
  let from = 0;
  for (let at = text.indexOf(beginning); at >= 0; at = text.indexOf(beginning, Math.max(at + 1, from))) {
    let end = at + fewestShown;
    while (end < text.length && text[end] === form[end - at]) end++;
    mark.lastIndex = end;
    if (!mark.test(text)) continue;
    kept += text.slice(from, at) + mask;
    from = end;
  }
  return kept + text.slice(from);
}

/** How a secret looks as it is, in JSON and in JSON within JSON, in a URL, and in base64. */
function formsOf(value: string): string[] {
  const inJson = JSON.stringify(value).slice(1, -1);
  const forms = [value, inJson, JSON.stringify(inJson).slice(1, -1), ...base64Forms(value)];
  // Half of a character has no URL form.
  if (!/\p{Surrogate}/u.test(value)) forms.push(encodeURIComponent(value));
  return forms.filter((form) => form.length > fewestShown);
}
