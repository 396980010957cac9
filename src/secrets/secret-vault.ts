import type { Secrets } from '../contracts/secrets.js';
import { PlbaError } from '../errors.js';
import { CutSecrets } from './cut-secrets.js';
import { base64Forms, escapeForPattern, textPattern } from './secret-pattern.js';

/** What stands where a secret was. */
export const secretMask = '******';

/** Shorter values are refused as secrets: to mask them would mask ordinary text. Counted in characters. */
export const shortestSecret = 6;

/**
 * Knows the secret values of an application and takes them out of whatever leaves the process: as they are, and as they look in
 * JSON, in a URL, in HTML and in base64. One per application, so that two in one process do not see each other's.
 */
export class SecretVault implements Secrets {
  private readonly values = new Set<string>();
  // Built when it is first needed after a change: secrets come in groups, and each would otherwise cost a new pattern.
  private pattern: RegExp | undefined;
  private cut: CutSecrets | undefined;

  /** Whether there is nothing to take out. */
  get isEmpty(): boolean {
    return this.values.size === 0;
  }

  /**
   * Makes a value known. From now on {@link scrub} finds it. Harmless when it is known already.
   * @throws `SECRET_TOO_SHORT` when it is shorter than {@link shortestSecret}
   */
  register(value: string): void {
    if (typeof value !== 'string' || value.length < shortestSecret) {
      throw new PlbaError('SECRET_TOO_SHORT', `a secret is text of at least ${shortestSecret} characters`, {
        hint: 'to mask a shorter one would mask ordinary text: leave it out, or give the secret more characters',
      });
    }
    if (this.values.has(value)) return;
    this.values.add(value);
    this.pattern = undefined;
    this.cut = undefined;
  }

  /**
   * The text with a mask in place of every secret, and of what is left of one where the text was cut. Costs a fraction of a
   * microsecond a line as long as there are few.
   */
  scrub(text: string): string {
    if (this.isEmpty) return text;
    this.pattern ??= patternOf(this.values);
    this.cut ??= new CutSecrets(this.values);
    return this.cut.scrub(text.replace(this.pattern, secretMask), secretMask);
  }
}

function patternOf(values: Iterable<string>): RegExp {
  // Longest first: where one secret contains another, the whole of it is taken out.
  const longestFirst = [...values].sort((a, b) => b.length - a.length);
  const encoded = longestFirst.flatMap(base64Forms).filter((form) => form.length >= shortestSecret);
  return new RegExp([...longestFirst.map(textPattern), ...encoded.map(escapeForPattern)].join('|'), 'g');
}
