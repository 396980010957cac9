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

/** The configuration is invalid. Its message says how many violations there are, and lists the first hundred by path. */
export class ConfigurationError extends PlbaError {
  /** A hundred at most, sorted by path. */
  readonly violations: readonly Violation[];

  /** @param scrub takes secrets out of the report */
  constructor(found: readonly Violation[], scrub: (text: string) => string) {
    const violations = [...found].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
    super('CONFIG_INVALID', scrub(formatViolations(violations)));
    this.violations = violations.slice(0, mostShown).map((violation) => scrubbed(violation, scrub));
  }
}

/** How to set the value at a path. A variable cannot reach into a list: it has the whole of it. */
export function howToSet(path: readonly string[]): string {
  const index = path.findIndex((key) => /^\d+$/.test(key));
  const inFile = `set ${path.join('.')} in the configuration file`;
  if (index > 0) return `${inFile}, or the whole list by ${environmentName(path.slice(0, index))}`;
  return `${inFile}, or ${environmentName(path)}`;
}

/** How to set what is in the object at a path: variables have no objects, only what is in them. */
export function howToSetInside(path: readonly string[]): string {
  const isInList = path.some((key) => /^\d+$/.test(key));
  if (isInList) return howToSet(path);
  return `set its keys in the configuration file, below ${path.join('.')}, or by ${environmentName(path)}__…`;
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
