/** What stands where a secret was. */
export const secretMask = '******';

/** Shorter values are refused as secrets: to mask them would mask ordinary text. */
export const shortestSecret = 6;

/**
 * Knows the secret values of an application and takes them out of whatever leaves the process: as they are, and as they look in
 * JSON, in a URL and in base64.
 */
export class SecretVault {
  private readonly forms = new Set<string>();
  private pattern: RegExp | undefined;

  /** Whether there is nothing to take out. */
  get isEmpty(): boolean {
    return this.forms.size === 0;
  }

  /**
   * Makes a value known. From now on {@link scrub} finds it.
   * @throws RangeError when it is shorter than {@link shortestSecret}
   */
  register(value: string): void {
    if (value.length < shortestSecret) throw new RangeError(`a secret has at least ${shortestSecret} characters`);
    for (const form of formsOf(value)) this.forms.add(form);
    // Longest first: where one form contains another, the whole of it is taken out.
    const alternatives = [...this.forms].sort((a, b) => b.length - a.length).map(escapeForPattern);
    this.pattern = new RegExp(alternatives.join('|'), 'g');
  }

  /** The text with a mask in place of every secret. */
  scrub(text: string): string {
    return this.pattern === undefined ? text : text.replace(this.pattern, secretMask);
  }
}

function formsOf(value: string): string[] {
  const forms = [value, JSON.stringify(value).slice(1, -1), encodeSafely(value), ...base64FormsOf(value)];
  return forms.filter((form) => form.length >= shortestSecret);
}

function encodeSafely(value: string): string {
  try {
    return encodeURIComponent(value);
  } catch {
    return value; // a lone surrogate has no URL form
  }
}

// Inside of a longer text the encoding depends on how many bytes come before. The characters that only depend on the secret
// are the same for each of the three offsets, whatever surrounds it.
function base64FormsOf(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  const forms = [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const first = offset === 0 ? 0 : offset + 1;
    const incomplete = (offset + bytes.length) % 3 === 0 ? 0 : 1;
    const certain = encoded.slice(first, encoded.length - incomplete);
    return [certain, certain.replaceAll('+', '-').replaceAll('/', '_')];
  });
  return [...new Set(forms)];
}

function escapeForPattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
