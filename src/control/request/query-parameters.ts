import { clip } from '../../plain/plain-value.js';
import { Refusal } from '../refusal.js';

/**
 * Reads the parameters of a query. An unknown one is refused, not ignored: `?outcom=failed` must not look like "none failed".
 *
 * @param known the parameters that the route takes; undefined when it ignores queries
 * @param url what stands in the request line
 * @throws Refusal `CONTROL_QUERY_INVALID`, naming the parameter
 */
export function readQuery(
  known: Readonly<Record<string, string>> | undefined,
  url: string,
): Readonly<Record<string, string>> {
  const query = Object.create(null) as Record<string, string>;
  const start = url.indexOf('?');
  if (known === undefined || start < 0) return query;
  for (const [name, value] of new URLSearchParams(url.slice(start + 1))) {
    if (!Object.hasOwn(known, name)) throw invalid(`has no parameter ${shown(name)}`, Object.keys(known));
    if (Object.hasOwn(query, name)) throw invalid(`takes the parameter ${shown(name)} once`, Object.keys(known));
    query[name] = value;
  }
  return query;
}

function invalid(what: string, known: readonly string[]): Refusal {
  return new Refusal('CONTROL_QUERY_INVALID', `this route ${what}`, { hint: `this route takes ${known.join(', ')}` });
}

function shown(name: string): string {
  return JSON.stringify(clip(name, 50));
}
