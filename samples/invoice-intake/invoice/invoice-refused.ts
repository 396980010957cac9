/** One thing that is wrong with an invoice. */
export interface Violation {
  /** The rule of EN 16931 that is broken, such as `BR-CO-15`. Absent where the standard has no rule of its own for it. */
  readonly rule?: string;
  /** What is wrong, in words that the sender of the invoice understands. */
  readonly problem: string;
}

/** The file is XML, but no invoice that can be posted. Holds everything that is wrong with it, not just the first. */
export class InvoiceRefused extends Error {
  override readonly name = 'InvoiceRefused';

  constructor(readonly violations: readonly Violation[]) {
    super(violations.map(({ rule, problem }) => (rule === undefined ? problem : `${rule}: ${problem}`)).join('; '));
  }

  /** The broken rules, each once, in the order they were met. */
  get rules(): string[] {
    return [...new Set(this.violations.flatMap(({ rule }) => rule ?? []))];
  }
}
