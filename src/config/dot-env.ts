/** What a `.env` file says. */
export interface DotEnv {
  readonly variables: ReadonlyMap<string, { readonly value: string; readonly line: number }>;
  /** Lines that say nothing that can be understood. */
  readonly mistakes: readonly { readonly line: number; readonly text: string }[];
}

const hashInside = 'has a # without a space before it: put the value into quotes, or a space before the comment';
const assignment = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\s*=\s*(.*)$/;

/**
 * Reads a `.env` file: `NAME=value`, one a line; `#` begins a comment; single quotes, double quotes and backquotes keep
 * everything, also line ends; inside of double quotes `\n` is a line end. Unlike the usual readers it passes over no line in
 * silence, and it knows the line of each variable.
 */
export function readDotEnv(text: string): DotEnv {
  const variables = new Map<string, { value: string; line: number }>();
  const mistakes: { line: number; text: string }[] = [];
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  for (let at = 0; at < lines.length; at++) {
    const line = at + 1;
    const written = lines[at] ?? '';
    if (/^\s*(#|$)/.test(written)) continue;
    const [, name, rest = ''] = assignment.exec(written) ?? [];
    if (name === undefined) {
      mistakes.push({ line, text: 'must be written as NAME=value' });
      continue;
    }
    const quote = /^["'`]/.exec(rest)?.[0];
    if (quote === undefined) {
      const value = rest.replace(/\s+#.*$|^#.*$/, '').trim();
      // The usual readers cut the value there, which nobody notices who has a password with a `#` in it.
      if (value.includes('#')) mistakes.push({ line, text: hashInside });
      else variables.set(name, { value, line });
      continue;
    }
    let quoted = rest.slice(1);
    while (closingQuote(quoted, quote) < 0 && at + 1 < lines.length) quoted += `\n${lines[++at] ?? ''}`;
    const end = closingQuote(quoted, quote);
    if (end < 0) {
      mistakes.push({ line, text: `has a ${quote} that is never closed` });
      break;
    }
    const inner = quoted.slice(0, end);
    if (!/^\s*(?:#.*)?$/.test(quoted.slice(end + 1))) {
      mistakes.push({ line, text: 'has text after the closing quote' });
      continue;
    }
    variables.set(name, { value: quote === '"' ? unescape(inner) : inner, line });
  }
  return { variables, mistakes };
}

function closingQuote(text: string, quote: string): number {
  for (let at = 0; at < text.length; at++) {
    if (quote === '"' && text[at] === '\\') at++;
    else if (text[at] === quote) return at;
  }
  return -1;
}

function unescape(text: string): string {
  return text.replace(/\\([nrt"\\])/g, (_, escaped: string) => ({ n: '\n', r: '\r', t: '\t' })[escaped] ?? escaped);
}
