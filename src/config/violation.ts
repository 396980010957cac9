import { PlbaError, type ErrorCode } from '../errors.js';
import { environmentName } from './key-names.js';

/** A rule that the configuration breaks. */
export interface Violation {
  /** Where: `invoices.batchSize`, or the variable or file that could not be understood. */
  readonly path: string;
  /** The rule in words. */
  readonly rule: string;
  /** What was there instead, as it may be shown. Absent when nothing was. */
  readonly received?: string;
  /** Where that came from. */
  readonly from?: string;
  /** What to do: the names to set, or the key that was probably meant. */
  readonly hint?: string;
  /** The code of the catalogue, where it is one of the platform's own checks that says so. */
  readonly code?: ErrorCode;
}

const mostShown = 100;

/** The configuration is invalid. Carries every violation, sorted by path. */
export class ConfigurationError extends PlbaError {
  readonly violations: readonly Violation[];

  /** @param scrub takes secrets out of the report */
  constructor(found: readonly Violation[], scrub: (text: string) => string) {
    const violations = [...found].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
    super('CONFIG_INVALID', scrub(formatViolations(violations)));
    this.violations = violations.map((violation) => scrubbed(violation, scrub));
  }
}

/** How to set the value at a path. */
export function howToSet(path: readonly string[]): string {
  return `set ${path.join('.')} in the configuration file, or ${environmentName(path)}`;
}

function formatViolations(violations: readonly Violation[]): string {
  const count = violations.length;
  const lines = violations.slice(0, mostShown).map(({ path, rule, received, from, hint }) => {
    const facts = [
      received !== undefined && `received ${received}${from === undefined ? '' : ` from ${from}`}`,
      received === undefined && from !== undefined && `in ${from}`,
      hint,
    ].filter((fact) => typeof fact === 'string');
    return [`  ${path}: ${rule}`, ...facts.map((fact) => `      ${fact}`)].join('\n');
  });
  if (count > mostShown) lines.push(`  and ${count - mostShown} more`);
  return [`the configuration breaks ${count === 1 ? 'a rule' : `${count} rules`}:`, ...lines].join('\n');
}

function scrubbed(violation: Violation, scrub: (text: string) => string): Violation {
  const entries = Object.entries(violation as unknown as Readonly<Record<string, string>>);
  return Object.fromEntries(entries.map(([key, text]) => [key, scrub(text)])) as unknown as Violation;
}
