import type { Raw } from './raw.js';
import { describeOrigin } from './raw.js';
import type { Violation } from './violation.js';

const reference = /\$(\$\{|\{(?:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\})?)/g;

/**
 * Puts in variables where a text says so: `${NAME}`, or `${NAME:-default}` for one that is absent or empty. Once: what a variable holds
 * is never looked into. `$${` stands for `${` itself. A variable that is missing is a violation, and so is what only looks like one.
 *
 * What was put in is text, and is read by the type that is declared, as if it came from a variable directly.
 */
export function expandVariables(
  raw: Raw,
  variables: ReadonlyMap<string, { readonly value: string }>,
  violations: Violation[],
  path: readonly string[] = [],
): Raw {
  if (raw.kind === 'list') {
    const items = raw.items.map((item, at) => expandVariables(item, variables, violations, [...path, String(at)]));
    return { ...raw, items };
  }
  if (raw.kind === 'map') {
    const entries = [...raw.entries].map(([key, inner]): [string, Raw] => [
      key,
      expandVariables(inner, variables, violations, [...path, key]),
    ]);
    return { ...raw, entries: new Map(entries) };
  }
  if (typeof raw.value !== 'string' || !raw.value.includes('${')) return raw;
  const names: string[] = [];
  const refuse = (rule: string, hint: string): string => {
    violations.push({ path: path.join('.'), rule, from: describeOrigin(raw.origin), hint });
    return '';
  };
  const value = raw.value.replace(reference, (written, rest: string, name?: string, byDefault?: string) => {
    if (rest === '${') return '${';
    if (name === undefined)
      return refuse('has a "${" that is no ${NAME}', 'close it, or write $${ where the text itself is meant');
    names.push(`\${${name}}`);
    const found = variables.get(name)?.value;
    if (byDefault !== undefined) return found === undefined || found === '' ? byDefault : found;
    return (
      found ?? refuse(`needs the variable ${name}, which is not set`, `set ${name}, or write \${${name}:-default}`)
    );
  });
  const through = names.join(', ');
  return {
    ...raw,
    value,
    isText: names.length > 0,
    origin: { ...raw.origin, ...(names.length > 0 && { through }) },
  };
}
